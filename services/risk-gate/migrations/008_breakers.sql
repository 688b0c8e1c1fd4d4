-- Up Migration
-- What completed cycles came to, as strategy told it: what the circuit breakers go by. Kept for some days.
create table cycle_results (
  bot_id text not null,
  number bigint not null,
  user_id text not null,
  mode text not null,
  net numeric not null,
  currency text not null,
  exit text not null,
  completed_at_us bigint not null,
  primary key (bot_id, number)
);
create index cycle_results_of_bot on cycle_results (bot_id, completed_at_us);
create index cycle_results_of_user on cycle_results (user_id, mode, completed_at_us);
create index cycle_results_by_age on cycle_results (completed_at_us);

-- The breaker that holds a scope now; what it replaced comes back when its time is over and nobody has said anything since.
create table breaker_trips (
  scope text primary key,
  breaker text not null,
  since_us bigint not null,
  until_us bigint not null,
  needs_person boolean not null,
  before_state text not null,
  before_text text not null,
  before_by text not null,
  before_operator boolean not null,
  limit_text text not null,
  value_text text not null
);

-- Down Migration
drop table breaker_trips;
drop table cycle_results;
