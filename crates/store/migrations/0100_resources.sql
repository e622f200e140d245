-- Who and what can help: volunteers, organisations, services, venues, vehicles and stocks.
-- Places are millionths of a degree (WGS 84); hours are RFC 5545 lines.

create table resources (
    id uuid primary key,
    -- The number everybody may know; never the number of an identity card (MZ/T 061-2015).
    code text not null unique,
    -- Keyed hash of the secret printed beside it; its holder acts by both.
    secret_hash bytea,
    kind text not null check (kind in ('volunteer', 'organisation', 'service', 'venue', 'vehicle', 'stock')),
    -- Of a volunteer: community, professional or emergency.
    branch text check (branch in ('community', 'professional', 'emergency')),
    -- The organisation it belongs to; of an organisation, its hub.
    parent_id uuid references resources (id),
    -- Of a person: the key under which name, phone and date of birth are sealed.
    person_id uuid references persons (id),
    name_sealed bytea,
    birth_sealed bytea,
    -- What staff read: of a person only the family name.
    name text not null,
    area bigint not null references areas (id),
    -- Of a person to three decimals of a degree, no nearer.
    latitude bigint not null,
    longitude bigint not null,
    -- Words of the pack with a blank before and after each: ' driving nursing '.
    skills text not null,
    hours text not null,
    -- How far it goes, in metres.
    reach bigint not null check (reach between 0 and 1000000),
    -- Tasks a week, at most; and at one time.
    capacity bigint not null check (capacity between 0 and 1000),
    at_once bigint not null check (at_once between 1 and 1000),
    -- The eighteenth birthday of one who is under age, yyyymmdd.
    minor_until bigint,
    guardian_at bigint,
    -- Of such a one: name and phone of whoever agreed.
    guardian_sealed bytea,
    -- Until when insured against accidents; the number of the policy is with the certificates.
    insured_until bigint,
    -- Whether it may be asked, and how.
    ask boolean not null,
    way text not null check (way in ('page', 'phone', 'sms', 'mail')),
    -- When it last said that all this still holds.
    assured_at bigint not null,
    -- Offers so far: made, accepted, kept; the base of how likely the next is accepted.
    asked bigint not null default 0,
    agreed bigint not null default 0,
    came bigint not null default 0,
    state text not null check (state in ('open', 'paused', 'left')),
    joined_at bigint not null,
    -- Grows with every change; the entity tag. The time of the change is how other nodes follow.
    version bigint not null default 1,
    changed_at bigint not null
);
create index resources_area on resources (area, kind, id);
create index resources_parent on resources (parent_id);
create index resources_person on resources (person_id);
create index resources_changed on resources (changed_at, id);

-- What shows that somebody can do what they say: seen by a person before it counts.
create table certificates (
    id uuid primary key,
    resource_id uuid not null references resources (id),
    -- A word of the pack's skills, or 'insurance'.
    skill text not null,
    title text not null,
    number_sealed bytea,
    -- yyyymmdd
    issued_on bigint,
    expires_on bigint,
    state text not null check (state in ('open', 'verified', 'refused', 'revoked')),
    added_at bigint not null,
    decided_at bigint,
    decided_by uuid references accounts (id),
    reason text
);
create index certificates_resource on certificates (resource_id);
create index certificates_open on certificates (added_at) where state = 'open';

-- The middle of an area: where its needs and its people are taken to be when nothing nearer is known.
alter table areas add column latitude bigint;
alter table areas add column longitude bigint;
