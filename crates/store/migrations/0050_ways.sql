-- How somebody wants to hear what concerns them.

-- What an account wants. Its addresses are sealed under a key of its own; destroying the key forgets them.
create table account_wants (
    account_id uuid primary key references accounts (id),
    wrapped_key bytea not null,
    -- The language of what is sent: zh or en.
    lang text not null,
    -- Once a day at this hour; null: at once.
    digest_hour bigint check (digest_hour between 0 and 23),
    -- Minutes after midnight between which nothing is sent, the same twice for never; null: as the pack has it.
    quiet_from bigint check (quiet_from between 0 and 1439),
    quiet_until bigint check (quiet_until between 0 and 1439),
    changed_at bigint not null,
    check ((quiet_from is null) = (quiet_until is null))
);

-- The ways are those of the program; a table that checks them would have to be made anew for each.
create table account_ways (
    id uuid primary key,
    account_id uuid not null references account_wants (account_id),
    way text not null,
    -- Null once it was taken back.
    address_sealed bytea,
    -- Keyed hash: the same address is one way.
    address_index bytea,
    enabled boolean not null,
    made_at bigint not null,
    unique (account_id, way, address_index)
);

-- How the reporter of a report chose to hear what becomes of it. No row: nothing is sent.
create table report_ways (
    report_id uuid primary key references reports (id),
    -- none: they said stop.
    way text not null,
    lang text not null,
    -- Where a letter goes, under the person's key.
    letter_sealed bytea,
    chosen_at bigint not null
);
