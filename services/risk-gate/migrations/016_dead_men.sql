-- Up Migration
-- Timers that halt a scope unless they are armed again in time.
create table dead_men (
  scope text primary key,
  level text not null,
  seconds integer not null,
  expires_at_us bigint not null,
  armed_by text not null,
  operator boolean not null,
  owner_id text
);

-- Down Migration
drop table dead_men;
