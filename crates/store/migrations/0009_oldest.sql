-- The oldest case of a state: a search among open cases looks no further back.
create index cases_state_id on cases (state, id);
