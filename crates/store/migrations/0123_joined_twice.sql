-- Keyed hash of the phone of somebody who joined, in words of its own: it finds a second joining, and never a report.
alter table resources add column phone_index bytea;
create index resources_phone on resources (phone_index);
