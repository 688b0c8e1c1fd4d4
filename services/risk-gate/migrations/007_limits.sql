-- Up Migration
-- Limits that are tighter than the settings, by scope (`platform`, `bot:bot_00000001`) and by the names of the settings.
create table limits (
  scope text primary key,
  version integer not null,
  limits jsonb not null,
  changed_by text not null,
  changed_at_us bigint not null
);

-- Every change, for audits: never changed, never removed.
create table limit_changes (
  number bigint generated always as identity primary key,
  scope text not null,
  version integer not null,
  before_limits jsonb not null,
  after_limits jsonb not null,
  text text not null,
  changed_by text not null,
  changed_at_us bigint not null
);
create index limit_changes_of_scope on limit_changes (scope, version);

-- Down Migration
drop table limit_changes;
drop table limits;
