-- New measures. What was counted before tells when a case was closed and first given to a unit, and is counted so; of what it does not
-- tell, this says from which case on it is counted.

create table measures_since (
    measure text primary key,
    -- Cases received until then have no deltas of it.
    at bigint not null
);
insert into measures_since (measure, at)
    select m.measure, (select max(received_at) from cases)
    from (select 'promise_kept' as measure union all select 'promise_broken' union all select 'extended'
          union all select 'feedback_kept' union all select 'feedback_broken'
          union all select 'conflict_confirmable' union all select 'conflict_settled') m
    where exists (select 1 from cases);

insert into deltas (id, case_id, at, day, area, unit_id, class, measure, amount, folded)
    select randomblob(16), case_id, at, day, area, unit_id, class, 'closed', amount, false
    from deltas where measure in ('confirmable', 'unconfirmed');
insert into deltas (id, case_id, at, day, area, unit_id, class, measure, amount, folded)
    select randomblob(16), d.case_id, d.at, d.day, d.area, d.unit_id, d.class, 'dispatched', d.amount, false
    from deltas d where d.measure = 'assigned' and not exists (
        select 1 from deltas o where o.case_id = d.case_id and o.measure = 'assigned' and (o.at, o.id) < (d.at, d.id));
