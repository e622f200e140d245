-- What the roster of a node reads of everybody at once.
create index offers_invited on offers (invited_at);
create index bookings_slot on bookings (slot);
