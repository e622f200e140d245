-- Promises that can stand still and be extended, the ladder of warnings, and what was asked, ordered and said on the way.

-- The kinds of promise are those of the program; a table that checks them would have to be made anew for each.
create table promises (
    id uuid primary key,
    case_id uuid not null references cases (id),
    task_id uuid references tasks (id),
    kind text not null,
    started_at bigint not null,
    budget_amount bigint not null,
    budget_unit text not null,
    -- A last day that is off gives way to the next that is worked.
    rolls boolean not null,
    -- Granted on top of the budget.
    extra bigint not null,
    calendar text not null,
    provisional boolean not null,
    -- The greatest number there is while the clock stands still.
    due_at bigint not null,
    stopped_at bigint,
    -- Set once, when the clock ran out while running or was stopped too late.
    broken_at bigint,
    -- Rungs of the ladder passed, and when the next is reached.
    rung bigint not null,
    next_rung_at bigint not null
);
insert into promises
select id, case_id, task_id, case when kind = 'answer' and task_id is null then 'promise' else kind end, started_at,
    budget_amount, budget_unit, false, 0, calendar, provisional, due_at, stopped_at, broken_at, 0, due_at
from clocks;
drop table clocks;
alter table promises rename to clocks;
create index clocks_case on clocks (case_id);
create index clocks_task on clocks (task_id);
create index clocks_due on clocks (due_at) where stopped_at is null and broken_at is null;
create index clocks_callback on clocks (due_at) where stopped_at is null and kind = 'callback';
create index clocks_rung on clocks (next_rung_at) where stopped_at is null;
create index clocks_calendar on clocks (calendar) where stopped_at is null;

-- What happened to a clock beside time, and what it did to the due time.
create table clock_entries (
    id uuid primary key,
    clock_id uuid not null references clocks (id),
    case_id uuid not null references cases (id),
    -- pause, extend, budget (another rule), calendar (another calendar)
    kind text not null,
    at bigint not null,
    -- Of a pause: when it ended.
    until_at bigint,
    amount bigint,
    reason text not null,
    by_id uuid references accounts (id),
    due_before bigint not null,
    due_after bigint not null
);
create index clock_entries_clock on clock_entries (clock_id);
create index clock_entries_case on clock_entries (case_id);

-- The row is the claim: whoever writes it tells.
create table rungs (
    clock_id uuid not null references clocks (id),
    number bigint not null,
    case_id uuid not null references cases (id),
    -- When it was reached, and when it was noticed.
    at bigint not null,
    fired_at bigint not null,
    primary key (clock_id, number)
);
create index rungs_case on rungs (case_id);

-- More time, or to be parked: a unit asks, a coordinator decides.
create table requests (
    id uuid primary key,
    case_id uuid not null references cases (id),
    task_id uuid references tasks (id),
    kind text not null,
    amount bigint,
    until_at bigint,
    ground text,
    reason text not null,
    asked_at bigint not null,
    asked_by uuid references accounts (id),
    state text not null,
    decided_at bigint,
    decided_by uuid references accounts (id),
    answer text
);
create index requests_case on requests (case_id);
create index requests_open on requests (asked_at) where state = 'open';

-- An order of supervision (督办).
create table supervisions (
    id uuid primary key,
    case_id uuid not null references cases (id),
    unit_id uuid not null references units (id),
    ground text not null,
    text text not null,
    ordered_at bigint not null,
    ordered_by uuid references accounts (id),
    reported_at bigint,
    report text
);
create index supervisions_case on supervisions (case_id);

-- Between the resident and those who handle: what both read. Notes among staff are another table.
create table case_lines (
    id uuid primary key,
    case_id uuid not null references cases (id),
    at bigint not null,
    position bigint not null,
    -- unit or resident
    side text not null,
    account_id uuid references accounts (id),
    unit_id uuid references units (id),
    report_id uuid references reports (id),
    text text not null,
    -- When the other side first read it.
    read_at bigint
);
create index case_lines_case on case_lines (case_id, at);

create table case_notes (
    id uuid primary key,
    case_id uuid not null references cases (id),
    at bigint not null,
    account_id uuid references accounts (id),
    text text not null
);
create index case_notes_case on case_notes (case_id, at);

alter table cases add column parked_until bigint;
alter table cases add column parked_ground text;
-- Marked by a coordinator as complex: a unit has longer to object.
alter table cases add column complex boolean not null default false;
create index cases_parked on cases (parked_until) where parked_until is not null;

-- Given out by a ruling: cannot be returned.
alter table tasks add column ruled boolean not null default false;
-- The unit that handed the case up or down, which the answer goes back to.
alter table tasks add column for_unit_id uuid references units (id);
