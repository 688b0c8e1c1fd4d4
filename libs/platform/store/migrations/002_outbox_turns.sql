-- Up Migration
-- Messages that may wait (the same news told again) leave only when no other is there.
alter table outbox add column later boolean not null default false;
create index outbox_by_turn on outbox (later, seq);

-- What the other side refused for good: it must not hold up everything behind it, and is not lost either. A row stays open until a
-- person has sent it again or closed it; see the README of @scalpstorm/store.
create table outbox_refused (
  seq bigint primary key,
  subject text not null,
  message_id text not null,
  headers jsonb not null,
  payload bytea not null,
  created_at timestamptz not null,
  reason text not null,
  refused_at timestamptz not null default now(),
  closed_at timestamptz,
  closed_by text
);
create index outbox_refused_open on outbox_refused (seq) where closed_at is null;

-- Down Migration
drop table outbox_refused;
drop index outbox_by_turn;
alter table outbox drop column later;
