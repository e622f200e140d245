-- The case whose code a reporter was given, where the report has since been given another; its secret was made for that one.
alter table reports add column told_case uuid references cases (id);
create index reports_told on reports (told_case) where told_case is not null;

-- When the reporter last saw what became of it, or was told by phone.
alter table reports add column seen_at bigint;
