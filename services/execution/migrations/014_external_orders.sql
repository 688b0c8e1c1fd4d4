-- Up Migration
-- Orders at a venue that nobody placed here, from the moment a comparison met them, and who decided what about them. Never changed by
-- anybody but execution; a decision is here before it is carried out.
create table external_orders (
  id bigint generated always as identity primary key,
  account_id text not null,
  instrument_id text not null,
  venue_order_id text not null,
  client_order_id text not null,
  side text not null,
  quantity numeric not null,
  filled_quantity numeric not null,
  -- Null: at the market.
  price numeric,
  -- The last comparison found it.
  working boolean not null,
  seen_at_us bigint not null,
  decision text check (decision in ('adopt', 'ignore', 'cancel')),
  decided_by text,
  decided_at_us bigint,
  outcome text not null default '',
  unique (account_id, instrument_id, venue_order_id)
);
create index external_orders_by_account on external_orders (account_id, id desc);

-- Down Migration
drop table external_orders;
