-- A notice may be for a resource, and a send may go to one.

alter table notices drop constraint notices_audience_check;
alter table notices drop constraint notices_check;
alter table notices add column resource_id uuid references resources (id);
alter table notices add constraint notices_audience_check
    check (audience in ('account', 'unit', 'head', 'level', 'reporters', 'resource'));
alter table notices add constraint notices_check check (
    (audience = 'account' and account_id is not null and unit_id is null and area is null)
    or (audience in ('unit', 'head') and unit_id is not null and account_id is null and area is null)
    or (audience = 'level' and area is not null and account_id is null and unit_id is null)
    or (audience = 'resource' and resource_id is not null and account_id is null and unit_id is null and area is null)
    or (audience = 'reporters' and case_id is not null and account_id is null and unit_id is null and area is null)
);
create index notices_resource on notices (resource_id);

alter table sends drop constraint sends_check;
alter table sends add column resource_id uuid references resources (id);
alter table sends add constraint sends_check
    check ((account_id is null) = (account_way_id is null) and num_nonnulls(account_id, report_id, resource_id) = 1);
create index sends_resource on sends (resource_id);
