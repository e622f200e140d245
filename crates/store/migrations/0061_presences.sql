-- Who has a case open now. A row ends by itself and is removed: it is no history.
create table presences (
    case_id uuid not null references cases (id),
    account_id uuid not null references accounts (id),
    since bigint not null,
    -- When it ends unless it is said again.
    until_at bigint not null,
    primary key (case_id, account_id)
);
create index presences_until on presences (until_at);
