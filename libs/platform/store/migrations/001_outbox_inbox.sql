-- Made by the store itself in every service's schema, before the service's own migrations.

create table outbox (
  seq bigint generated always as identity primary key,
  subject text not null,
  message_id text not null,
  headers jsonb not null,
  payload bytea not null,
  created_at timestamptz not null default now()
) with (
  -- Rows live for milliseconds; without this the table is cleaned far too late and every look at its head gets slower.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 500
);

create table inbox (
  event_id text primary key,
  seen_at timestamptz not null default now()
);

create index inbox_seen_at on inbox (seen_at);
