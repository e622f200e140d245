-- Rising clusters of like reports, and what was decided about them.
create table hotspots (
    id uuid primary key,
    -- The county, or the area above, within which it was found.
    area bigint not null references areas (id),
    name text not null,
    since bigint not null,
    last_at bigint not null,
    people bigint not null,
    -- How rarely this happens to one word though nothing has changed, when it was first seen.
    chance double precision not null,
    state text not null check (state in ('new', 'taken', 'dismissed')),
    unit_id uuid references units (id),
    reason text,
    decided_by uuid references accounts (id),
    decided_at bigint
);
create index hotspots_state on hotspots (state, last_at);
create index hotspots_area on hotspots (area);
create index hotspots_unit on hotspots (unit_id);

create table hotspot_reports (
    hotspot_id uuid not null references hotspots (id),
    report_id uuid not null references reports (id),
    primary key (hotspot_id, report_id)
);
create index hotspot_reports_report on hotspot_reports (report_id);

create index reports_received on reports (received_at);
