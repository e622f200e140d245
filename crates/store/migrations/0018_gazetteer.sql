-- Names of places in matters that were confirmed, with the area each was in and how often.
create table gazetteer (
    name text not null,
    area bigint not null references areas (id),
    seen bigint not null,
    primary key (name, area)
);
create index gazetteer_area on gazetteer (area);

-- Read once each, in the order in which residents confirmed them.
create index cases_confirmed on cases (closed_at, id) where confirmed;
