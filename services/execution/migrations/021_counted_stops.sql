-- Up Migration
-- Orders as stops that ended though nobody here wanted it: what `engine/orders/protection.ts` calls lost.
create view lost_stop_orders as
  select * from orders
   where purpose = 'close' and terms->'trigger'->>'kind' in ('stop', 'trailing') and cancel_reason is null
     and status in ('denied', 'canceled', 'rejected', 'expired') and filled_quantity < quantity;
create index orders_lost_stops on orders (account_id)
  where purpose = 'close' and terms->'trigger'->>'kind' in ('stop', 'trailing') and cancel_reason is null
    and status in ('denied', 'canceled', 'rejected', 'expired') and filled_quantity < quantity;
-- Those that a row of `lost_stops` has counted, also one that is gone. All so far: nobody knows better.
create table counted_stops (client_order_id text primary key);
insert into counted_stops select client_order_id from lost_stop_orders;

-- Down Migration
drop table counted_stops;
drop index orders_lost_stops;
drop view lost_stop_orders;
