-- What leaves the system and what is kept of who did what.

create table outbox (
    id uuid primary key,
    at bigint not null,
    case_id uuid references cases (id),
    event jsonb not null,
    delivered_at bigint
);
create index outbox_undelivered on outbox (id) where delivered_at is null;
create index outbox_at on outbox (at);
create index outbox_case on outbox (case_id);

-- Written in the acting transaction; `seq` and `hash` are filled by the sealer, which alone orders the lines.
create table audit (
    id uuid primary key,
    at bigint not null,
    actor_kind text not null,
    actor_id uuid,
    action text not null,
    subject_kind text not null,
    subject_id text not null,
    reason text,
    seq bigint unique,
    hash bytea
);
create index audit_unsealed on audit (id) where seq is null;
create index audit_subject on audit (subject_kind, subject_id);
create index audit_at on audit (at);

create table audit_head (
    id bigint primary key check (id = 1),
    seq bigint not null,
    hash bytea not null
);
