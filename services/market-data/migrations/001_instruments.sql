-- Up Migration
-- What the followed venues list, so that instruments are known before a venue answers. market-data is the only writer.
create table instruments (
  id text primary key,
  venue text not null,
  symbol text not null,
  base text not null,
  quote text not null,
  status text not null check (status in ('trading', 'halted')),
  tick_size numeric not null check (tick_size > 0),
  price_min numeric not null,
  price_max numeric not null,
  step_size numeric not null check (step_size > 0),
  quantity_min numeric not null,
  quantity_max numeric not null,
  notional_min numeric not null,
  maker_fee_rate numeric not null,
  taker_fee_rate numeric not null,
  updated_at timestamptz not null default now(),
  unique (venue, symbol)
);
