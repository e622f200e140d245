-- Help that is asked for, who was invited, and how it went.

create table needs (
    id uuid primary key,
    code text not null unique,
    kind text not null check (kind in ('help', 'goods')),
    -- What it came from; at most one of them.
    case_id uuid references cases (id),
    part_id uuid references parts (id),
    area bigint not null references areas (id),
    latitude bigint not null,
    longitude bigint not null,
    -- Public: nothing in them tells who is helped.
    title text not null,
    text text not null,
    place text not null,
    -- Who is helped: name, phone and address under their key, shown to those who accepted.
    person_id uuid references persons (id),
    contact_sealed bytea,
    -- Keyed hash of the word by which the one served confirms.
    secret_hash bytea,
    skills text not null,
    -- Helpers; of goods the quantity.
    head bigint not null check (head between 1 and 1000000),
    item text,
    -- The window, and how long it takes.
    opens_at bigint not null,
    closes_at bigint not null,
    minutes bigint not null check (minutes between 0 and 10080),
    -- A word of the pack, and what it is, in words; without it nothing is published.
    risk text not null,
    risk_text text not null,
    -- 1, 2, 4 or 8.
    priority bigint not null check (priority in (1, 2, 4, 8)),
    vulnerable boolean not null,
    state text not null check (state in ('open', 'filled', 'done', 'expired', 'cancelled')),
    -- Offers that are accepted, checked in or done.
    filled bigint not null default 0,
    created_at bigint not null,
    created_by uuid references accounts (id),
    ended_at bigint,
    reason text,
    version bigint not null default 1
);
create index needs_state on needs (state, area, closes_at, id);
create index needs_case on needs (case_id);
create index needs_closes on needs (closes_at) where state in ('open', 'filled');

create table offers (
    id uuid primary key,
    need_id uuid not null references needs (id),
    resource_id uuid not null references resources (id),
    state text not null check (state in
        ('invited', 'accepted', 'declined', 'expired', 'withdrawn', 'checked_in', 'done', 'no_show')),
    -- Part of a day in the city's zone: days since 1970 times the parts of a day, and which.
    slot bigint not null,
    -- Why this one: the value, its parts, and the prices of the moment, as the engine gave them.
    reason text not null,
    -- How likely it seemed, in thousandths: kept so that the guess can be judged later.
    chance bigint not null,
    invited_at bigint not null,
    invited_by uuid references accounts (id),
    expires_at bigint not null,
    answered_at bigint,
    decline_reason text,
    -- When it agreed in writing, where the risk asks for it.
    agreed_at bigint,
    -- Six digits that both sides know.
    meeting_code text not null,
    checked_in_at bigint,
    done_at bigint,
    -- As served, and as the one served confirmed.
    minutes bigint,
    confirmed_minutes bigint,
    confirmed_at bigint,
    version bigint not null default 1
);
create index offers_need on offers (need_id);
create index offers_resource on offers (resource_id, invited_at);
create unique index offers_once on offers (need_id, resource_id) where state in ('invited', 'accepted', 'checked_in');
create index offers_expires on offers (expires_at) where state = 'invited';

-- The row is the booking: the key lets nobody be promised twice for one time, on any number of nodes.
create table bookings (
    resource_id uuid not null references resources (id),
    slot bigint not null,
    -- From 1 up to what the resource takes at one time.
    place bigint not null,
    offer_id uuid not null references offers (id),
    primary key (resource_id, slot, place)
);
create index bookings_offer on bookings (offer_id);

-- A certificate of service: given by who organised it, free, true, and to be verified or taken back (MCA order 67).
create table service_certificates (
    id uuid primary key,
    code text not null unique,
    resource_id uuid not null references resources (id),
    -- The days it is about, yyyymmdd, and the minutes and times confirmed within them.
    from_day bigint not null,
    until_day bigint not null,
    minutes bigint not null,
    times bigint not null,
    issued_at bigint not null,
    issued_by uuid references accounts (id),
    revoked_at bigint,
    reason text,
    mac bytea not null
);
create index service_certificates_resource on service_certificates (resource_id);
