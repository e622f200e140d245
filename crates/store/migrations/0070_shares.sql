-- Cost shares of a joint project (费用分担): who benefits pays. Amounts are fen.
create table share_accounts (
    case_id uuid primary key references cases (id),
    -- What the project costs.
    cost bigint not null check (cost between 1 and 10000000000000),
    opened_at bigint not null,
    opened_by uuid references accounts (id),
    -- Grows with everything that is written here.
    version bigint not null,
    closed_at bigint,
    closed_by uuid references accounts (id)
);

create table share_parties (
    id uuid primary key,
    case_id uuid not null references share_accounts (case_id),
    -- From 1 within the project; never given twice.
    number bigint not null,
    kind text not null check (kind in ('residents', 'government', 'firm')),
    name text not null,
    -- Basis points of the cost.
    share bigint not null check (share between 0 and 10000)
);
create unique index share_parties_number on share_parties (case_id, number);

-- The ledger: lines are added, never changed; a wrong one is taken back by another.
create table share_entries (
    id uuid primary key,
    case_id uuid not null references share_accounts (case_id),
    -- From 1 within the project.
    number bigint not null,
    party bigint not null,
    kind text not null check (kind in ('charge', 'pledge', 'payment', 'refund', 'waive')),
    amount bigint not null check (amount between 1 and 10000000000000),
    -- Number of the entry that this one takes back.
    reverses bigint,
    -- Number of the receipt, voucher or letter; none where it follows from the shares.
    document text,
    -- The day on the document, yyyymmdd.
    dated bigint not null,
    note text not null,
    at bigint not null,
    entered_by uuid references accounts (id)
);
create unique index share_entries_number on share_entries (case_id, number);
create unique index share_entries_reverses on share_entries (case_id, reverses);

-- What a party shall not have to pay: asked by one person, decided by another.
create table share_waivers (
    id uuid primary key,
    case_id uuid not null references share_accounts (case_id),
    party bigint not null,
    amount bigint not null check (amount between 1 and 10000000000000),
    reason text not null,
    asked_at bigint not null,
    asked_by uuid references accounts (id),
    state text not null check (state in ('open', 'granted', 'refused')),
    decided_at bigint,
    decided_by uuid references accounts (id),
    answer text
);
create index share_waivers_case on share_waivers (case_id, asked_at);
create unique index share_waivers_open on share_waivers (case_id, party) where state = 'open';
