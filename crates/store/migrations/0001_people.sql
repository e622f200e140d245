-- Areas, units, and who may do what in them.
-- Times are microseconds since 1970 UTC; an area is a 15-digit integer, so that a subtree is a range.

create table instance (
    key text primary key,
    value text not null
);

create table areas (
    id bigint primary key,
    parent bigint references areas (id),
    name text not null
);
create index areas_parent on areas (parent);

create table units (
    id uuid primary key,
    code text not null unique,
    name text not null,
    department text not null,
    area bigint not null references areas (id)
);
create index units_department_area on units (department, area);

create table accounts (
    id uuid primary key,
    login text not null unique,
    name text not null,
    password_hash text not null,
    created_at bigint not null,
    disabled_at bigint
);

create table grants (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    role text not null,
    area bigint not null references areas (id),
    unit_id uuid references units (id),
    granted_at bigint not null,
    granted_by uuid references accounts (id),
    revoked_at bigint
);
create index grants_account on grants (account_id);

-- The cookie holds a random token; only its hash is kept.
create table sessions (
    token_hash bytea primary key,
    account_id uuid not null references accounts (id),
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null
);
create index sessions_account on sessions (account_id);
