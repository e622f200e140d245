-- Where a notice leads that is about no case: an address of this site.
alter table notices add column path text;
