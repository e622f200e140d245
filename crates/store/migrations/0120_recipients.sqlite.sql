-- A notice may be for a resource, and a send may go to one. SQLite changes no check but in the text of the schema, as its
-- manual says under "Making Other Kinds Of Table Schema Changes"; no row is touched.

alter table notices add column resource_id uuid references resources (id);
alter table sends add column resource_id uuid references resources (id);
pragma writable_schema = on;
update sqlite_schema set sql = replace(replace(sql,
    '''level'', ''reporters''))', '''level'', ''reporters'', ''resource''))'),
    'or (audience = ''reporters'' and ', 'or (audience = ''resource'' and resource_id is not null and account_id is null
            and unit_id is null and area is null)
        or (audience = ''reporters'' and ')
    where type = 'table' and name = 'notices';
update sqlite_schema set sql = replace(sql,
    '(account_id is null) = (report_id is not null)',
    '(account_id is not null) + (report_id is not null) + (resource_id is not null) = 1')
    where type = 'table' and name = 'sends';
pragma writable_schema = reset;

create index notices_resource on notices (resource_id);
create index sends_resource on sends (resource_id);
