-- What leaves the program: one row for each recipient and way, with the notices that it tells of.
create table sends (
    -- Also told to the receiver, who may know by it that it has had this before.
    id uuid primary key,
    at bigint not null,
    way text not null,
    account_id uuid references accounts (id),
    account_way_id uuid references account_ways (id),
    report_id uuid references reports (id),
    -- Danger to life: waits for no digest and no morning.
    urgent boolean not null,
    -- A digest that more notices may still join.
    joinable boolean not null,
    state text not null check (state in ('waiting', 'retry', 'sent', 'dead', 'given_up', 'void')),
    tries bigint not null,
    not_before bigint not null,
    -- The node that holds it, and until when; after that another may.
    lease uuid,
    lease_until bigint,
    -- Why the last try failed, without a word of the recipient's.
    fault text,
    ended_at bigint,
    ended_by uuid references accounts (id),
    -- Why a person gave it up.
    reason text,
    check ((account_id is null) = (account_way_id is null) and (account_id is null) = (report_id is not null)),
    check ((ended_at is null) = (state in ('waiting', 'retry')))
);
create index sends_due on sends (not_before) where state in ('waiting', 'retry');
create index sends_state on sends (state, at, id);
create unique index sends_joinable on sends (account_way_id) where joinable;
create index sends_account on sends (account_id);
create index sends_report on sends (report_id);
create index sends_account_way on sends (account_way_id);

create table send_notices (
    send_id uuid not null references sends (id),
    notice_id uuid not null references notices (id),
    primary key (send_id, notice_id)
);
create index send_notices_notice on send_notices (notice_id);
