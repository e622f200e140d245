-- Who reported (encrypted, a key per person), what they said, and what was made of it.

create table persons (
    id uuid primary key,
    -- The person's data key, wrapped by the master key. Destroying it erases the person.
    wrapped_key bytea not null,
    phone_sealed bytea,
    -- Keyed hash of the phone's digits: look-up without decryption.
    phone_index bytea unique,
    created_at bigint not null
);

create table cases (
    id uuid primary key,
    code text not null unique,
    state text not null check (state in ('triage', 'assigned', 'working', 'answered', 'closed', 'refused')),
    area bigint not null references areas (id),
    category text not null,
    kind text not null,
    urgency text not null,
    title text not null,
    text text not null,
    place text not null,
    channel text not null,
    pack text not null,
    unit_id uuid references units (id),
    -- Why a person has to decide; null outside triage.
    triage_reason text,
    refused_reason text,
    outcome text,
    confirmed boolean,
    rating bigint,
    reports bigint not null default 1,
    received_at bigint not null,
    assigned_at bigint,
    accepted_at bigint,
    answered_at bigint,
    closed_at bigint,
    -- The next promise that runs out; null when none runs.
    due_at bigint,
    -- Grows with every change; the entity tag.
    version bigint not null default 1
);
create index cases_unit on cases (unit_id, state, due_at, id);
create index cases_state on cases (state, due_at, id);
create index cases_area on cases (area, received_at, id);
create index cases_received on cases (received_at, id);

create table reports (
    id uuid primary key,
    case_id uuid not null references cases (id),
    person_id uuid references persons (id),
    channel text not null,
    area bigint not null references areas (id),
    place text not null,
    title text not null,
    text text not null,
    -- Exact words and name as given, under the person's key.
    original_sealed bytea,
    name_sealed bytea,
    on_behalf boolean not null,
    -- Keyed hash of the secret printed beside the code: with it this reporter reads the case and answers for it.
    secret_hash bytea not null,
    -- Where an imported row came from and its identity there.
    source text,
    external_id text,
    sketch bytea not null,
    received_at bigint not null,
    entered_at bigint not null,
    entered_by uuid references accounts (id)
);
create unique index reports_external on reports (source, external_id) where external_id is not null;
create index reports_case on reports (case_id);
create index reports_person on reports (person_id, received_at);

-- What sensing, or a person instead of it, said of a report.
create table judgements (
    id uuid primary key,
    report_id uuid not null references reports (id),
    case_id uuid not null references cases (id),
    at bigint not null,
    model text not null,
    category text not null,
    confidence double precision not null,
    detail jsonb not null,
    decided_by uuid references accounts (id)
);
create index judgements_case on judgements (case_id);
create index judgements_report on judgements (report_id);

-- Locality-sensitive keys of the reports of open cases.
create table likeness_bands (
    band bigint not null,
    case_id uuid not null references cases (id),
    report_id uuid not null references reports (id),
    primary key (band, report_id)
);
create index likeness_bands_case on likeness_bands (case_id);
create index likeness_bands_report on likeness_bands (report_id);

-- An answer already given to a request that may be sent again.
create table idempotency (
    scope text not null,
    key text not null,
    fingerprint bytea not null,
    status bigint not null,
    -- Sealed: an answer may carry a secret.
    body bytea not null,
    created_at bigint not null,
    primary key (scope, key)
);
create index idempotency_created on idempotency (created_at);
