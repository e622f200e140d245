-- The third-party room (第三方评价): a contract, the frame and the sample drawn from it, what evaluators found, who signed.

create table rooms (
    id uuid primary key,
    title text not null,
    -- Who evaluates: the body of the contract.
    agency text not null,
    area bigint not null references areas (id),
    -- Cases closed from the first moment up to but not including the second.
    cases_from bigint not null,
    cases_until bigint not null,
    -- When evaluators may work.
    work_from bigint not null,
    work_until bigint not null,
    design jsonb not null,
    questionnaire jsonb not null,
    -- Whether the hotline calls those who reported.
    calls boolean not null,
    -- secret: drawn by the program, its hash published with the contract; source: a number drawn in public later.
    seed_kind text not null check (seed_kind in ('secret', 'source')),
    seed_source text,
    seed_at bigint,
    seed_hash text,
    seed_sealed bytea,
    -- Once it is known to everybody.
    seed text,
    state text not null check (state in ('ordered', 'framed', 'running', 'signed', 'cancelled')),
    -- Of the answers: grows when what was signed is corrected.
    version bigint not null,
    frame_size bigint,
    frame_hash text,
    framed_at bigint,
    drawn_at bigint,
    ordered_at bigint not null,
    ordered_by uuid references accounts (id)
);
create index rooms_area on rooms (area);

create table room_evaluators (
    room_id uuid not null references rooms (id),
    account_id uuid not null references accounts (id),
    primary key (room_id, account_id)
);
create index room_evaluators_account on room_evaluators (account_id);

create table room_strata (
    room_id uuid not null references rooms (id),
    -- From 1, in the order of the keys.
    position bigint not null,
    key text not null,
    cases bigint not null,
    weight bigint not null,
    sampled bigint not null,
    primary key (room_id, position)
);

-- Every case that could be drawn, as it stood when the frame was closed.
create table room_frame (
    room_id uuid not null references rooms (id),
    case_id uuid not null references cases (id),
    stratum text not null,
    outcome text,
    confirmed boolean,
    rating bigint,
    primary key (room_id, case_id)
);
create index room_frame_case on room_frame (case_id);

-- The sample. Evaluators know a case by its number here and by nothing else.
create table room_cases (
    room_id uuid not null references rooms (id),
    number bigint not null,
    case_id uuid not null references cases (id),
    stratum bigint not null,
    primary key (room_id, number)
);
create index room_cases_case on room_cases (case_id);

-- What was found; only ever added to. The last of a version counts.
create table room_answers (
    room_id uuid not null references rooms (id),
    number bigint not null,
    answered_by text not null check (answered_by in ('file', 'call')),
    -- From 1 for each case and kind.
    revision bigint not null,
    version bigint not null,
    at bigint not null,
    account_id uuid references accounts (id),
    answers jsonb not null,
    primary key (room_id, number, answered_by, revision)
);

create table room_signatures (
    room_id uuid not null references rooms (id),
    version bigint not null,
    at bigint not null,
    account_id uuid not null references accounts (id),
    -- As typed.
    name text not null,
    hash text not null,
    primary key (room_id, version)
);

-- What became of a contract, line by line.
create table room_steps (
    id uuid primary key,
    room_id uuid not null references rooms (id),
    at bigint not null,
    account_id uuid references accounts (id),
    -- order, frame, draw, people, until, sign, correct, cancel
    kind text not null,
    text text not null
);
create index room_steps_room on room_steps (room_id, at);
