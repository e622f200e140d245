-- Figures: one small signed delta a step, folded by a job into counts for every ancestor area, unit or all,
-- class or all, day and month.

create table deltas (
    id uuid primary key,
    case_id uuid not null references cases (id),
    at bigint not null,
    -- yyyymmdd in the city's zone
    day bigint not null,
    area bigint not null,
    unit_id uuid,
    class text not null,
    measure text not null,
    amount bigint not null,
    folded boolean not null default false
);
create index deltas_unfolded on deltas (id) where not folded;
create index deltas_measure on deltas (measure, day, area);
create index deltas_case on deltas (case_id);

create table counts (
    -- yyyymmdd for a day, yyyymm for a month
    period bigint not null,
    area bigint not null,
    -- '' for all
    unit text not null,
    class text not null,
    measure text not null,
    amount bigint not null,
    primary key (area, unit, class, measure, period)
);
