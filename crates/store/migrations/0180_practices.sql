-- How something was solved, for whoever has the next one alike. No personal data: the words are written anew.
create table practices (
    id uuid primary key,
    area bigint not null references areas (id),
    -- Level of the area: province, city, county, township, community or grid.
    level text not null,
    category text not null,
    title text not null,
    matter text not null,
    measures text not null,
    -- What it needs, and where it does not work.
    limits text not null,
    -- The closed case it came from, none for a model way; its unit; and from when on the measure worked.
    case_id uuid references cases (id),
    unit_id uuid references units (id),
    worked_at bigint,
    state text not null check (state in ('proposed', 'accepted', 'rejected', 'retired')),
    public boolean not null,
    proposed_at bigint not null,
    proposed_by uuid references accounts (id),
    decided_at bigint,
    decided_by uuid references accounts (id),
    reason text,
    changed_at bigint not null,
    version bigint not null
);
create index practices_changed on practices (changed_at, id);
create index practices_state on practices (state, proposed_at, id);
create index practices_area on practices (area);
create index practices_unit on practices (unit_id);
-- A case is the source of one practice at most.
create unique index practices_case on practices (case_id) where case_id is not null;

-- Every wording and every decision, in order.
create table practice_versions (
    practice_id uuid not null references practices (id),
    version bigint not null,
    at bigint not null,
    account_id uuid references accounts (id),
    -- What was done: proposed, edited, or a verdict.
    act text not null,
    area bigint not null,
    category text not null,
    title text not null,
    matter text not null,
    measures text not null,
    limits text not null,
    reason text,
    primary key (practice_id, version)
);

-- Counted for the practice, never for a person.
create table practice_counts (
    practice_id uuid primary key references practices (id),
    views bigint not null,
    before_cases bigint not null,
    before_days bigint not null,
    after_cases bigint not null,
    after_days bigint not null,
    told bigint not null,
    solved bigint not null,
    measured_at bigint not null
);
create index practice_counts_measured on practice_counts (measured_at);

-- Cases for which a practice was taken as a reference.
create table practice_uses (
    practice_id uuid not null references practices (id),
    case_id uuid not null references cases (id),
    at bigint not null,
    primary key (practice_id, case_id)
);
create index practice_uses_case on practice_uses (case_id);
