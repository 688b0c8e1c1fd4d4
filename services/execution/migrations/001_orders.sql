-- Up Migration
-- Execution owns every table of this schema; others read its events, or the views at the end, which are a contract.

-- Who may write for an account. The token only grows; a writer whose token is old is refused by every transaction.
create table leases (
  account_id text primary key,
  token bigint not null,
  holder text not null,
  expires_at timestamptz not null
);

create table orders (
  client_order_id text primary key,
  account_id text not null,
  user_id text not null,
  bot_id text,
  instrument_id text not null,
  mode text not null,
  side text not null,
  type text not null,
  quantity numeric not null,
  price numeric,
  time_in_force text not null,
  purpose text not null,
  status text not null,
  status_before text,
  venue_order_id text,
  filled_quantity numeric not null,
  filled_notional numeric not null,
  notional_currency text not null,
  fees jsonb not null,
  cancel_reason text,
  reason_code text,
  reason_text text,
  version integer not null,
  -- The SENDING mark: how often the request left at most, and until when the venue may still accept the last one.
  attempt integer not null,
  request_expires_at_us bigint,
  created_at_us bigint not null,
  updated_at_us bigint not null
);
create index orders_working on orders (account_id)
  where status not in ('denied', 'filled', 'canceled', 'rejected', 'expired');
create index orders_by_update on orders (updated_at_us);
create index orders_by_venue_id on orders (account_id, venue_order_id);
create index orders_by_bot on orders (bot_id, created_at_us desc);

-- Everything that ever happened to an order; a row is never changed.
create table order_events (
  client_order_id text not null references orders (client_order_id),
  version integer not null,
  kind text not null,
  body jsonb not null,
  recorded_at_us bigint not null,
  primary key (client_order_id, version)
);

create table fills (
  account_id text not null,
  instrument_id text not null,
  trade_id text not null,
  client_order_id text not null references orders (client_order_id),
  venue_order_id text not null,
  side text not null,
  price numeric not null,
  quantity numeric not null,
  fee numeric not null,
  fee_currency text not null,
  liquidity text not null,
  occurred_at_us bigint not null,
  primary key (account_id, instrument_id, trade_id)
);
create index fills_by_order on fills (client_order_id);

-- What the fills of a bot add up to; bot_id is '' for orders that no bot placed.
create table positions (
  account_id text not null,
  bot_id text not null,
  instrument_id text not null,
  quantity numeric not null,
  cash numeric not null,
  cash_currency text not null,
  fees jsonb not null,
  fills integer not null,
  updated_at_us bigint not null,
  primary key (account_id, bot_id, instrument_id)
);

-- What an account held before our first fill, so that balances can be proved to the last decimal.
create table baselines (
  account_id text not null,
  currency text not null,
  amount numeric not null,
  reason text not null,
  recorded_at timestamptz not null default now(),
  primary key (account_id, currency)
);

create table differences (
  id bigint generated always as identity primary key,
  account_id text not null,
  found_at timestamptz not null default now(),
  trigger text not null,
  kind text not null,
  subject text not null,
  ours text not null,
  theirs text not null,
  decision text not null,
  repaired boolean not null
);
create index differences_by_account on differences (account_id, id desc);

create view working_orders as
  select * from orders where status not in ('denied', 'filled', 'canceled', 'rejected', 'expired');
-- Contract views (libs/contracts/src/views.ts): what risk-gate reads when it rebuilds its standing.
-- Orders that ended not long ago are in it, because repeated events about them must be recognised.
create view standing_orders as
  select client_order_id, account_id, user_id, bot_id, instrument_id, mode, side, type, quantity, price, time_in_force, purpose, status,
         status_before, venue_order_id, filled_quantity, filled_notional, notional_currency, fees, cancel_reason, reason_code,
         reason_text, version, created_at_us, updated_at_us
    from orders
   where status not in ('denied', 'filled', 'canceled', 'rejected', 'expired')
      or updated_at_us > (extract(epoch from now()) * 1000000)::bigint - 3600000000;
create view standing_positions as select * from positions;

-- Down Migration
drop view standing_positions;
drop view standing_orders;
drop view working_orders;
drop table differences;
drop table baselines;
drop table positions;
drop table fills;
drop table order_events;
drop table orders;
drop table leases;
