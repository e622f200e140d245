-- Goods in stock: what came, from whom, for whom it is kept, and to which hand it went. Quantities are whole numbers of the
-- item's unit in the pack.

create table lots (
    id uuid primary key,
    code text not null unique,
    -- A resource of the kind stock.
    stock_id uuid not null references resources (id),
    item text not null,
    -- As the donor wishes to be named; none where they do not.
    donor text,
    donor_person uuid references persons (id),
    received_on bigint not null,
    -- yyyymmdd; none of what keeps.
    expires_on bigint,
    -- Follow from the ledger; the checks are the last guard.
    on_hand bigint not null check (on_hand >= 0),
    committed bigint not null check (committed >= 0 and committed <= on_hand),
    version bigint not null default 1
);
create index lots_stock on lots (stock_id, item, expires_on);
create index lots_item on lots (item, expires_on);

-- One need's share of one lot.
create table consignments (
    id uuid primary key,
    code text not null unique,
    lot_id uuid not null references lots (id),
    need_id uuid not null references needs (id),
    state text not null check (state in ('committed', 'sent', 'received', 'released')),
    committed bigint not null check (committed > 0),
    sent bigint not null default 0,
    received bigint not null default 0,
    returned bigint not null default 0,
    -- How the receiver is named on the slip, and when they signed.
    receiver_sealed bytea,
    signed_at bigint,
    version bigint not null default 1,
    check (sent <= committed and received + returned <= sent)
);
create index consignments_need on consignments (need_id);
create index consignments_lot on consignments (lot_id);

-- The ledger: lines are added, never changed.
create table goods_entries (
    id uuid primary key,
    lot_id uuid not null references lots (id),
    -- From 1 within the lot.
    number bigint not null,
    kind text not null check (kind in ('donated', 'committed', 'released', 'sent', 'received', 'returned', 'spoiled', 'counted')),
    quantity bigint not null,
    consignment_id uuid references consignments (id),
    document text,
    note text not null,
    at bigint not null,
    by_id uuid references accounts (id)
);
create unique index goods_entries_number on goods_entries (lot_id, number);
