-- Up Migration
-- The newest of a user and a version of a rule: a live bot of that rule starts by it. What is old, or more than so many of a user, goes
-- when another one comes.
create table certificates (
  user_id       text    not null,
  version       text    not null,
  strategy      text    not null,
  valid         boolean not null,
  failed_checks jsonb   not null,
  job_id        text    not null,
  issued_us     bigint  not null,
  primary key (user_id, version)
);
create index certificates_newest on certificates (user_id, issued_us desc);

-- Down Migration
drop table certificates;
