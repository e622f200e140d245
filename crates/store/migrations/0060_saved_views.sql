-- Saved views (常用筛选): a filter of the list of cases under a name. What it holds is counted when it is shown.
create table saved_views (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    name text not null,
    -- What follows `?` in the address of the list; nothing else is kept.
    query text not null,
    -- Whoever works in this area sees it too; null is the owner's alone.
    area bigint references areas (id),
    saved_at bigint not null
);
create unique index saved_views_name on saved_views (account_id, name);
create index saved_views_area on saved_views (area) where area is not null;
