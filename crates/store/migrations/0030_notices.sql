-- What somebody shall hear, and to whom it has come.

-- One row for each fact, written in the transaction of its cause.
create table notices (
    id uuid primary key,
    at bigint not null,
    -- account, unit (its handlers), head (its leaders), level (the coordinators of an area), reporters (of the case)
    audience text not null check (audience in ('account', 'unit', 'head', 'level', 'reporters')),
    account_id uuid references accounts (id),
    unit_id uuid references units (id),
    area bigint,
    case_id uuid references cases (id),
    template text not null,
    params jsonb not null,
    -- Danger to life: waits for no digest and no morning.
    urgent boolean not null,
    -- A second notice with the same key is not written.
    dedup text unique,
    -- When its recipients were found.
    spread_at bigint,
    check (
        (audience = 'account' and account_id is not null and unit_id is null and area is null)
        or (audience in ('unit', 'head') and unit_id is not null and account_id is null and area is null)
        or (audience = 'level' and area is not null and account_id is null and unit_id is null)
        or (audience = 'reporters' and case_id is not null and account_id is null and unit_id is null and area is null)
    )
);
create index notices_waiting on notices (at) where spread_at is null;
create index notices_case on notices (case_id);
create index grants_unit on grants (unit_id) where revoked_at is null;
create index grants_area on grants (area) where revoked_at is null;
