-- Classifiers made from what people decided here, and who let them judge. The shipped one is in the program.
create table models (
    id uuid primary key,
    -- Name and content hash; each judgement names it.
    version text not null unique,
    -- The model it was made from.
    base text not null,
    bytes bytea not null,
    made_at bigint not null,
    made_by uuid references accounts (id),
    -- Examples, gain on the frozen set, and what would be judged otherwise.
    trial jsonb not null,
    state text not null check (state in ('proposed', 'adopted', 'rejected', 'retired')),
    decided_at bigint,
    decided_by uuid references accounts (id),
    reason text
);
-- One judges at a time.
create unique index models_adopted on models (state) where state = 'adopted';
create index models_made_at on models (made_at);

-- What people decided, newest first: the examples to learn from.
create index judgements_decided on judgements (id) where decided_by is not null;
