-- Words of a case as overlapping pairs of characters, with a token for each area above it.
-- The index keeps neither the text nor positions: a match names rows, and the text stands in `cases`.
create table case_rows (
    seq integer primary key,
    case_id blob not null unique references cases (id)
);
create virtual table case_search using fts5 (tokens, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
