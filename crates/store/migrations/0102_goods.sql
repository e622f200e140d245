-- Goods in stock: what came, from whom, for whom it is kept, and to which hand it went. Quantities are whole numbers of the
-- item's unit in the pack.

create table lots (
    id uuid primary key,
    -- The number of the donor's receipt.
    code text not null unique,
    -- A resource of the kind stock.
    stock_id uuid not null references resources (id),
    item text not null,
    -- As the donor wishes to be named in public; none where they do not.
    donor text,
    -- Of a donor who is a person: the key under which the name is sealed, and the name.
    donor_person uuid references persons (id),
    donor_sealed bytea,
    received_at bigint not null,
    -- yyyymmdd; none of what keeps.
    expires_on bigint,
    -- Follow from the ledger; the checks are the last guard.
    on_hand bigint not null check (on_hand >= 0),
    committed bigint not null check (committed >= 0 and committed <= on_hand),
    version bigint not null default 1
);
create index lots_stock on lots (stock_id, item, expires_on);
create index lots_item on lots (item, expires_on);

-- One need's share of one lot. All quantities follow from the ledger.
create table consignments (
    id uuid primary key,
    code text not null unique,
    lot_id uuid not null references lots (id),
    need_id uuid not null references needs (id),
    state text not null check (state in ('committed', 'sent', 'settled', 'released')),
    committed bigint not null check (committed >= 0),
    released bigint not null default 0,
    sent bigint not null default 0,
    received bigint not null default 0,
    returned bigint not null default 0,
    lost bigint not null default 0,
    -- Who signed for it, under a key of their own, and when.
    receiver_person uuid references persons (id),
    receiver_sealed bytea,
    signed_at bigint,
    created_at bigint not null,
    version bigint not null default 1,
    check (released >= 0 and sent >= 0 and received >= 0 and returned >= 0 and lost >= 0),
    check (sent + released <= committed and received + returned + lost <= sent)
);
create index consignments_need on consignments (need_id);
create index consignments_lot on consignments (lot_id);

-- The ledger: lines are added, never changed. A wrong line is taken back by another.
create table goods_entries (
    id uuid primary key,
    lot_id uuid not null references lots (id),
    -- From 1 within the lot.
    number bigint not null,
    kind text not null check (kind in
        ('donated', 'committed', 'released', 'sent', 'received', 'returned', 'lost', 'spoiled', 'counted')),
    -- Above zero; of a count the difference.
    quantity bigint not null check (quantity <> 0),
    consignment_id uuid references consignments (id),
    -- The number of the line this one takes back.
    reverses bigint,
    document text,
    note text not null,
    at bigint not null,
    by_id uuid references accounts (id)
);
create unique index goods_entries_number on goods_entries (lot_id, number);
