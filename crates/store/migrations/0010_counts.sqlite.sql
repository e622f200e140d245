-- Counts by period first: a fold writes today's rows, and they lie side by side. The table is its own index.
create table counts_by_period (
    -- yyyymmdd for a day, yyyymm for a month
    period bigint not null,
    area bigint not null,
    -- '' for all
    unit text not null,
    class text not null,
    measure text not null,
    amount bigint not null,
    primary key (period, area, unit, class, measure)
) without rowid;
insert into counts_by_period (period, area, unit, class, measure, amount)
    select period, area, unit, class, measure, amount from counts order by 1, 2, 3, 4, 5;
drop table counts;
alter table counts_by_period rename to counts;
