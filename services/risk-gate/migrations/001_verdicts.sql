-- Up Migration
-- Risk-gate owns every table of this schema.

-- user_id '' stands for the whole platform, whose halt binds every user.
create table trading_states (
  user_id text primary key,
  state text not null,
  text text not null,
  changed_by text not null,
  since_us bigint not null
);

-- Written behind the publishing: for people, for audits, and to answer a repeated request after a restart.
create table verdicts (
  client_order_id text primary key,
  account_id text not null,
  user_id text not null,
  bot_id text,
  approved boolean not null,
  code text,
  text text,
  limit_text text,
  value_text text,
  next_text text,
  decided_at_us bigint not null,
  expires_at_us bigint
);
create index verdicts_by_age on verdicts (decided_at_us);

-- Down Migration
drop table verdicts;
drop table trading_states;
