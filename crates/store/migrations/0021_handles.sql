-- How a message channel knows a person, such as the address of a mail: sealed, and found by a keyed hash as phones are.
alter table persons add column handle_sealed bytea;
alter table persons add column handle_index bytea;
create unique index persons_handle on persons (handle_index);
