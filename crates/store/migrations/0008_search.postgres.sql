-- New words wait in a list that every search reads through before the index: a short one (kB).
alter index case_search_tokens set (gin_pending_list_limit = 256);
