-- Up Migration
-- How far the trigger of an emulated order that trails has followed the price; written behind, gone with the order.
create table followed_prices (
  client_order_id text primary key,
  price numeric not null
);
create index order_events_emulated on order_events (client_order_id) where kind = 'emulated';

-- Down Migration
drop index order_events_emulated;
drop table followed_prices;
