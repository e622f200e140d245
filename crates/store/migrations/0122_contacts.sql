-- How somebody who offered help is written to, beside the phone of their person, and in which language: zh or en.
alter table resources add column mail_sealed bytea;
alter table resources add column lang text not null default 'zh';
