-- Up Migration
-- Fills of the venue that are not booked: the trade is booked with other content, or its order can not have it. A row stays open, and
-- its account opens nothing, until the fill can be booked or a person has closed the row.
create table refused_fills (
  id bigint generated always as identity primary key,
  account_id text not null,
  instrument_id text not null,
  trade_id text not null,
  -- As the venue told it; the same trade told differently is another row.
  told text not null,
  body jsonb not null,
  fault text not null,
  booked text not null,
  found_at timestamptz not null default now(),
  closed_at timestamptz,
  closed_by text,
  unique (account_id, instrument_id, trade_id, told)
);
create index refused_fills_open on refused_fills (account_id, id) where closed_at is null;

-- What the venue must remember: the newest orders that it took.
create index orders_accepted on orders (account_id, created_at_us desc) where venue_order_id is not null;

-- Down Migration
drop index orders_accepted;
drop table refused_fills;
