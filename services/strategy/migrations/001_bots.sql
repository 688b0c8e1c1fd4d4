-- Up Migration
-- Strategy owns every table of this schema; others hear its events or ask.

create table bots (
  id text primary key,
  user_id text not null,
  name text not null,
  strategy text not null,
  account_id text not null,
  mode text not null,
  instrument_id text not null,
  parameters jsonb not null,
  desired text not null,
  observed text not null,
  reason_code text not null,
  reason_text text not null,
  since_us bigint not null,
  cycles integer not null,
  fills integer not null,
  pnl numeric not null,
  fees numeric not null,
  held numeric not null,
  currency text not null,
  version integer not null,
  created_at_us bigint not null,
  deleted_at_us bigint,
  -- What the strategy remembers; its form is the strategy's own.
  state jsonb not null
);
create unique index bots_by_name on bots (user_id, name) where deleted_at_us is null;

-- A buy and a sell stored as a pair.
create table cycles (
  bot_id text not null references bots (id),
  number integer not null,
  user_id text not null,
  instrument_id text not null,
  mode text not null,
  quantity numeric not null,
  buy_price numeric not null,
  sell_price numeric not null,
  gross numeric not null,
  fees numeric not null,
  net numeric not null,
  currency text not null,
  started_at_us bigint not null,
  completed_at_us bigint not null,
  primary key (bot_id, number)
);

-- The answer to every command, so that a repeated command gets it again and does nothing.
create table commands (
  command_id text primary key,
  user_id text not null,
  bot_id text,
  answered_at timestamptz not null default now()
);
create index commands_by_age on commands (answered_at);

-- Down Migration
drop table commands;
drop table cycles;
drop table bots;
