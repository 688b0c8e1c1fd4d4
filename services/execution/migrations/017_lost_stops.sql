-- Up Migration
-- Stops that ended though nobody here wanted it, until their position is closed or has a new one. Few rows, and mostly none.
create table lost_stops (
  account_id text not null,
  instrument_id text not null,
  -- Empty: none.
  bot_id text not null,
  plan_id text not null,
  side text not null,
  user_id text not null,
  quantity numeric not null,
  why text not null,
  -- Its user was told.
  told boolean not null,
  primary key (account_id, instrument_id, bot_id, plan_id, side)
);

-- Down Migration
drop table lost_stops;
