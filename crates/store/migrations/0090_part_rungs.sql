-- A part of the work has rungs of the ladder, as an answer has: how many were passed, and when the next is reached.
alter table parts add column rung bigint not null default 0;
alter table parts add column next_rung_at bigint;
update parts set next_rung_at = due_at where state in ('assigned', 'accepted');
create index parts_rung on parts (next_rung_at) where next_rung_at is not null and state in ('assigned', 'accepted');
