-- Counts by period first: a fold writes today's rows, and their keys lie side by side.
alter table counts drop constraint counts_pkey;
alter table counts add primary key (period, area, unit, class, measure);
