-- What like reports of open cases are found by: of each the keys of its words. The text itself is compared.
-- Reports that came before are no longer proposed; their cases go on as they are.
drop table likeness_bands;
create table likeness_keys (
    key bigint not null,
    report_id uuid not null references reports (id),
    case_id uuid not null references cases (id),
    primary key (key, report_id)
) without rowid;
create index likeness_keys_case on likeness_keys (case_id);
alter table reports drop column sketch;
