-- Findings (问题清单): what is wrong beyond one case, who puts it right, who checks, and whether it stays right.
create table findings (
    id uuid primary key,
    area bigint not null references areas (id),
    source text not null check (source in
        ('indicator', 'hotspot', 'patrol', 'evaluator', 'audit', 'interview', 'signal', 'topic')),
    title text not null,
    -- What is wrong, for staff.
    words text not null,
    state text not null check (state in
        ('found', 'dropped', 'registered', 'claimed', 'planned', 'fixing', 'own_checked', 'checked', 'published', 'struck_off')),
    -- Who answers for it, and until when it is to be put right; none while nobody does.
    unit_id uuid references units (id),
    due_at bigint,
    -- What the unit does, and until when.
    measure text,
    plan_due_at bigint,
    evidence text,
    own_checked_by uuid references accounts (id),
    checked_by uuid references accounts (id),
    -- What everybody may read of it: what was wrong, and what was done.
    public_title text,
    public_words text,
    published_at bigint,
    struck_at bigint,
    -- Looks back that held since it was struck off, and when the next is.
    looks bigint not null default 0,
    look_at bigint,
    -- Whether a person is asked whether it holds.
    look_asked boolean not null default false,
    -- How often it came back.
    reopened bigint not null default 0,
    -- The figure it was seen in: the question, and what the answer was then. Days are yyyymmdd.
    indicator text,
    figure_unit_id uuid references units (id),
    class text not null default '',
    from_day bigint,
    to_day bigint,
    numerator bigint,
    denominator bigint,
    hotspot_id uuid references hotspots (id),
    found_at bigint not null,
    found_by uuid references accounts (id),
    -- Since when and until when whoever has it now owes the next step, and how far the ladder has been climbed.
    owed_from bigint,
    owed_at bigint,
    rung bigint not null default 0,
    next_rung_at bigint,
    version bigint not null default 1,
    check ((unit_id is null) = (state in ('found', 'dropped'))),
    check ((unit_id is null) = (due_at is null))
);
create index findings_area on findings (area, state);
create index findings_unit on findings (unit_id, state);
create index findings_indicator on findings (indicator, area);
create index findings_hotspot on findings (hotspot_id);
create index findings_rung on findings (next_rung_at) where next_rung_at is not null;
create index findings_look on findings (look_at) where look_at is not null;
create index findings_public on findings (published_at) where published_at is not null;

-- What happened to it, in order.
create table finding_steps (
    finding_id uuid not null references findings (id),
    number bigint not null,
    at bigint not null,
    move text not null,
    from_state text not null,
    to_state text not null,
    actor_kind text not null,
    actor_id uuid references accounts (id),
    words text not null,
    detail jsonb not null,
    primary key (finding_id, number)
);

-- Cases that show it, where they are named one by one.
create table finding_cases (
    finding_id uuid not null references findings (id),
    case_id uuid not null references cases (id),
    primary key (finding_id, case_id)
);
create index finding_cases_case on finding_cases (case_id);
