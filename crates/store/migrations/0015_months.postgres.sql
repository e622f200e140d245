-- A token for the month in which a case came in: a search among open cases reads those months only.
update case_search s set tokens = s.tokens || array_to_tsvector(array['m' || to_char(to_timestamp(c.received_at / 1000000) at time zone 'UTC', 'YYYYMM')])
    from cases c where c.id = s.case_id;
