-- What meetings decided in a period, for how long it had waited.
create index meeting_matters_decided on meeting_matters (decided_at);
