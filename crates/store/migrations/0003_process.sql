-- Tasks, clocks and the history of a case.

create table tasks (
    id uuid primary key,
    case_id uuid not null references cases (id),
    code text not null unique,
    unit_id uuid not null references units (id),
    state text not null check (state in ('assigned', 'accepted', 'done', 'disputed', 'cancelled')),
    assigned_at bigint not null,
    accepted_at bigint,
    ended_at bigint
);
create index tasks_case on tasks (case_id);
create index tasks_unit on tasks (unit_id, state);

-- One running promise. The due time follows from start, budget and calendar; it is kept because it is searched.
create table clocks (
    id uuid primary key,
    case_id uuid not null references cases (id),
    task_id uuid references tasks (id),
    kind text not null check (kind in ('dispatch', 'accept', 'answer', 'callback')),
    started_at bigint not null,
    budget_amount bigint not null,
    budget_unit text not null,
    calendar text not null,
    provisional boolean not null,
    due_at bigint not null,
    stopped_at bigint,
    -- Set once, when the clock ran out while running or was stopped too late.
    broken_at bigint
);
create index clocks_case on clocks (case_id);
create index clocks_task on clocks (task_id);
create index clocks_due on clocks (due_at) where stopped_at is null and broken_at is null;
create index clocks_callback on clocks (due_at) where stopped_at is null and kind = 'callback';

create table steps (
    id uuid primary key,
    case_id uuid not null references cases (id),
    task_id uuid references tasks (id),
    at bigint not null,
    -- Order among the steps of one act, which share an instant.
    position bigint not null,
    move text not null,
    from_state text not null,
    to_state text not null,
    actor_kind text not null,
    actor_id uuid references accounts (id),
    unit_id uuid references units (id),
    -- What the resident may read, and what only staff may.
    public_text text,
    internal_text text,
    detail jsonb not null
);
create index steps_case on steps (case_id, at, position);
create index steps_task on steps (task_id);
