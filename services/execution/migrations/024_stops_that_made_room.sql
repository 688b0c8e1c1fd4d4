-- Up Migration
-- A stop that made room for the close of what no bot holds leaves that bare where the close comes to nothing: see `lostBy` in
-- `engine/orders/protection.ts`. Those of before count as told: nobody knows better.
create or replace view lost_stop_orders as
  select * from orders
   where purpose = 'close' and terms->'trigger'->>'kind' in ('stop', 'trailing')
     and (cancel_reason is null or (cancel_reason = 'flatten' and bot_id is null))
     and status in ('denied', 'canceled', 'rejected', 'expired') and filled_quantity < quantity;
drop index orders_lost_stops;
create index orders_lost_stops on orders (account_id)
  where purpose = 'close' and terms->'trigger'->>'kind' in ('stop', 'trailing')
    and (cancel_reason is null or (cancel_reason = 'flatten' and bot_id is null))
    and status in ('denied', 'canceled', 'rejected', 'expired') and filled_quantity < quantity;
insert into counted_stops select client_order_id from lost_stop_orders on conflict do nothing;

-- Down Migration
create or replace view lost_stop_orders as
  select * from orders
   where purpose = 'close' and terms->'trigger'->>'kind' in ('stop', 'trailing') and cancel_reason is null
     and status in ('denied', 'canceled', 'rejected', 'expired') and filled_quantity < quantity;
drop index orders_lost_stops;
create index orders_lost_stops on orders (account_id)
  where purpose = 'close' and terms->'trigger'->>'kind' in ('stop', 'trailing') and cancel_reason is null
    and status in ('denied', 'canceled', 'rejected', 'expired') and filled_quantity < quantity;
