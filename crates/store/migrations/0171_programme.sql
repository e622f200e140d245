-- The programme (行动方案): stages, goals with a target for each stage, milestones and key tasks. Days are yyyymmdd.
create table programme_stages (
    id uuid primary key,
    area bigint not null references areas (id),
    name text not null,
    words text not null,
    first_day bigint not null,
    last_day bigint not null check (last_day >= first_day),
    unique (area, name)
);

create table programme_goals (
    id uuid primary key,
    area bigint not null references areas (id),
    name text not null,
    -- The figure that measures it.
    indicator text not null,
    unique (area, name)
);

-- Hundredths of a per cent.
create table programme_targets (
    goal_id uuid not null references programme_goals (id),
    stage_id uuid not null references programme_stages (id),
    target bigint not null check (target between 0 and 10000),
    primary key (goal_id, stage_id)
);
create index programme_targets_stage on programme_targets (stage_id);

create table programme_tasks (
    id uuid primary key,
    stage_id uuid not null references programme_stages (id),
    -- Of the stage: whoever may do something about it is found by it.
    area bigint not null references areas (id),
    kind text not null check (kind in ('milestone', 'task')),
    title text not null,
    words text not null,
    unit_id uuid not null references units (id),
    -- The first moment that is too late.
    due_at bigint not null,
    state text not null check (state in ('open', 'reported', 'done', 'cancelled')),
    evidence text,
    reported_by uuid references accounts (id),
    reported_at bigint,
    decided_by uuid references accounts (id),
    decided_at bigint,
    decision text,
    made_at bigint not null,
    made_by uuid references accounts (id),
    -- How far the ladder has been climbed since it was made or moved.
    owed_from bigint not null,
    rung bigint not null default 0,
    next_rung_at bigint,
    version bigint not null default 1,
    unique (stage_id, title)
);
create index programme_tasks_area on programme_tasks (area, due_at);
create index programme_tasks_unit on programme_tasks (unit_id, state);
create index programme_tasks_rung on programme_tasks (next_rung_at) where next_rung_at is not null;
