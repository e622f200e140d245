-- Words of a case as overlapping pairs of characters, with a token for each area above it.
create table case_search (
    seq bigint generated always as identity primary key,
    case_id uuid not null unique references cases (id),
    tokens tsvector not null
);
create index case_search_tokens on case_search using gin (tokens);
