-- The performance of units: scores with their lines, what is left out of them, appeals, interviews and signals.

-- One version of the score of a unit for a term; a version that an appeal has changed is a row of its own.
create table scores (
    id uuid primary key,
    unit_id uuid not null references units (id),
    -- 20263 is 2026Q3, 20260 the year 2026
    term bigint not null,
    -- From 1.
    version bigint not null,
    -- provisional, appealed, ruled, final or replaced
    standing text not null,
    -- good, failed or unrated
    mark text not null,
    -- Hundredths of a hundred points; none where nothing could be weighed.
    points bigint,
    -- Version of the policy pack it was scored by.
    pack text not null,
    made_at bigint not null,
    made_by uuid references accounts (id),
    -- Until before then it can be appealed.
    appeal_until bigint not null,
    final_at bigint
);
create unique index scores_version on scores (unit_id, term, version);
create unique index scores_current on scores (unit_id, term) where standing <> 'replaced';
create index scores_term on scores (term);
create index scores_waiting on scores (appeal_until) where standing = 'provisional';

create table score_lines (
    score_id uuid not null references scores (id),
    position bigint not null,
    -- Code of a part of the pack.
    part text not null,
    weight bigint not null,
    met bigint not null,
    missed bigint not null,
    excluded bigint not null,
    forgiven bigint not null,
    -- Hundredths.
    worth_met bigint not null,
    worth_all bigint not null,
    points bigint,
    primary key (score_id, position)
);

create table appeals (
    id uuid primary key,
    score_id uuid not null references scores (id),
    -- A part of the score; none: the whole.
    part text,
    reason text not null,
    asked_at bigint not null,
    asked_by uuid references accounts (id),
    decide_by bigint not null,
    -- open, granted or refused
    state text not null,
    decided_at bigint,
    decided_by uuid references accounts (id),
    answer text,
    -- The version that it led to.
    changed_id uuid references scores (id)
);
create unique index appeals_score on appeals (score_id);
create index appeals_open on appeals (decide_by) where state = 'open';
create index appeals_changed on appeals (changed_id);

-- 剔除 and 容错: a case that is left out of a unit's score, or what was missed in it forgiven.
create table exclusions (
    id uuid primary key,
    unit_id uuid not null references units (id),
    case_id uuid not null references cases (id),
    -- exclusion or blameless
    kind text not null,
    -- Code of a ground of the pack.
    ground text not null,
    evidence text not null,
    asked_at bigint not null,
    asked_by uuid references accounts (id),
    -- open, granted or refused
    state text not null,
    decided_at bigint,
    decided_by uuid references accounts (id),
    answer text,
    -- Asked for with an appeal, and decided with it.
    appeal_id uuid references appeals (id)
);
create unique index exclusions_case on exclusions (unit_id, case_id) where state <> 'refused';
create index exclusions_of on exclusions (case_id);
create index exclusions_asked on exclusions (asked_at);
create index exclusions_appeal on exclusions (appeal_id);

-- 约谈
create table interviews (
    id uuid primary key,
    unit_id uuid not null references units (id),
    -- The score that opened it.
    score_id uuid not null unique references scores (id),
    failures bigint not null,
    -- due, called or held
    state text not null,
    opened_at bigint not null,
    -- The summons: when, where, by whom, why.
    held_at bigint,
    place text,
    chair text,
    why text,
    called_at bigint,
    called_by uuid references accounts (id),
    -- What was said.
    record text,
    recorded_at bigint,
    recorded_by uuid references accounts (id)
);
create index interviews_unit on interviews (unit_id);

-- What a unit does far more often than its peers. One row for a unit and a detector, until a person has looked at it.
create table signals (
    id uuid primary key,
    detector text not null,
    unit_id uuid not null references units (id),
    found_at bigint not null,
    seen_at bigint not null,
    first_day bigint not null,
    last_day bigint not null,
    trials bigint not null,
    hits bigint not null,
    expected double precision not null,
    chance double precision not null,
    corrected double precision not null,
    -- new, explained or followed
    state text not null,
    words text,
    decided_at bigint,
    decided_by uuid references accounts (id)
);
create unique index signals_open on signals (unit_id, detector) where state = 'new';
create index signals_seen on signals (seen_at);

create table signal_cases (
    signal_id uuid not null references signals (id),
    case_id uuid not null references cases (id),
    primary key (signal_id, case_id)
);
create index signal_cases_case on signal_cases (case_id);

create index tasks_ended on tasks (ended_at);
