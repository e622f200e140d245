-- Reports of a period (评估报告): a frozen snapshot, and how far it has come. A report of a resident (诉求) is in `reports`.
create table period_reports (
    id uuid primary key,
    area bigint not null references areas (id),
    -- Such as 2011Q3.
    period text not null,
    -- The snapshot as it was written, and the SHA-256 of its bytes in hex.
    content text not null,
    hash text not null,
    state text not null check (state in ('draft', 'approved', 'published', 'withdrawn', 'superseded')),
    -- None where the machine wrote it, by the command line.
    written_by uuid references accounts (id),
    written_at bigint not null,
    approved_by uuid references accounts (id),
    approved_at bigint,
    published_by uuid references accounts (id),
    published_at bigint,
    -- Withdrawn, with the reason; or replaced by a correction.
    ended_by uuid references accounts (id),
    ended_at bigint,
    reason text,
    superseded_by uuid references period_reports (id)
);
create index period_reports_area on period_reports (area, period, written_at);
create index period_reports_published on period_reports (published_at) where state = 'published';
create index period_reports_superseded on period_reports (superseded_by) where superseded_by is not null;

-- What came in by channel and by kind is counted from the index alone.
drop index reports_received;
create index reports_channel on reports (received_at, area, channel);
create index cases_kind on cases (received_at, area, kind);
