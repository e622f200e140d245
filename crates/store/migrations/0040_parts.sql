-- Parts of the work of a case (分工): each with a unit of its own, an order, and a time of its own.
create table parts (
    id uuid primary key,
    case_id uuid not null references cases (id),
    -- From 1 within the case; never given twice.
    number bigint not null,
    code text not null unique,
    -- The part it is a part of.
    parent_id uuid references parts (id),
    title text not null,
    unit_id uuid not null references units (id),
    -- Whether the case can be answered while it is open: not then.
    required boolean not null,
    state text not null check (state in ('assigned', 'accepted', 'done', 'cancelled')),
    budget_amount bigint not null,
    budget_unit text not null,
    -- Not to be begun before this instant.
    not_before bigint,
    given_at bigint not null,
    given_by uuid references accounts (id),
    reason text not null,
    -- Since when its time runs: it waits for nothing any more. The due time follows from it, the budget and the calendar.
    started_at bigint,
    calendar text,
    provisional boolean not null,
    due_at bigint,
    accepted_at bigint,
    ended_at bigint,
    -- What came of it and what shows it; of one that was called off, why.
    result text,
    evidence text
);
create unique index parts_case on parts (case_id, number);
create index parts_parent on parts (parent_id);
create index parts_unit on parts (unit_id, state);

-- Units that help with a part.
create table part_units (
    part_id uuid not null references parts (id),
    unit_id uuid not null references units (id),
    primary key (part_id, unit_id)
);
create index part_units_unit on part_units (unit_id);

-- The parts that must be over before a part begins.
create table part_after (
    part_id uuid not null references parts (id),
    after_id uuid not null references parts (id),
    primary key (part_id, after_id)
);
create index part_after_after on part_after (after_id);
