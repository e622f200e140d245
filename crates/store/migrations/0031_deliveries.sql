-- To each account that a notice is for: the way that is always open.
create table deliveries (
    notice_id uuid not null references notices (id),
    account_id uuid not null references accounts (id),
    at bigint not null,
    read_at bigint,
    primary key (notice_id, account_id)
);
create index deliveries_account on deliveries (account_id, at);
create index deliveries_unread on deliveries (account_id) where read_at is null;
