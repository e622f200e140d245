-- Joint meetings (联席会议): what no single unit owns, who met about it, and what was decided.
create table meetings (
    id uuid primary key,
    -- The area for which it is held.
    area bigint not null references areas (id),
    held_at bigint not null,
    place text not null,
    chair text not null,
    called_at bigint not null,
    called_by uuid references accounts (id)
);
create index meetings_area on meetings (area, held_at);

create table meeting_units (
    meeting_id uuid not null references meetings (id),
    unit_id uuid not null references units (id),
    primary key (meeting_id, unit_id)
);
create index meeting_units_unit on meeting_units (unit_id);

create table meeting_matters (
    id uuid primary key,
    case_id uuid not null references cases (id),
    -- Since when nobody owns it: also of one that was postponed.
    waiting_since bigint not null,
    reason text not null,
    put_by uuid references accounts (id),
    -- The meeting that has it on its agenda, and its place there from 1.
    meeting_id uuid references meetings (id),
    position bigint,
    decision text check (decision in ('owner', 'joint', 'up', 'postponed')),
    unit_id uuid references units (id),
    words text,
    decided_by uuid references accounts (id),
    decided_at bigint
);
create unique index meeting_matters_open on meeting_matters (case_id) where decision is null;
create index meeting_matters_case on meeting_matters (case_id);
create index meeting_matters_meeting on meeting_matters (meeting_id, position);

-- What a meeting changed in the duty list: from then on this unit owns this category in this area.
create table duty_amendments (
    id uuid primary key,
    area bigint not null references areas (id),
    category text not null,
    unit_id uuid not null references units (id),
    effective_at bigint not null,
    matter_id uuid not null references meeting_matters (id),
    basis text not null
);
create index duty_amendments_category on duty_amendments (category, area);
create index duty_amendments_matter on duty_amendments (matter_id);
