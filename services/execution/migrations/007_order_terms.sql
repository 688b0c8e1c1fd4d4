-- Up Migration
-- What an order has beside side, type, price, quantity and time in force: trigger, expiry, what it shows. Null: nothing, as most.
alter table orders add column terms jsonb;

create or replace view working_orders as
  select * from orders where status not in ('denied', 'filled', 'canceled', 'rejected', 'expired');
create or replace view standing_orders as
  select client_order_id, account_id, user_id, bot_id, instrument_id, mode, side, type, quantity, price, time_in_force, purpose, status,
         status_before, venue_order_id, filled_quantity, filled_notional, notional_currency, fees, cancel_reason, reason_code,
         reason_text, version, created_at_us, updated_at_us, terms
    from orders
   where status not in ('denied', 'filled', 'canceled', 'rejected', 'expired')
      or updated_at_us > (extract(epoch from now()) * 1000000)::bigint - 3600000000;

-- Down Migration
drop view standing_orders;
drop view working_orders;
alter table orders drop column terms;
create view working_orders as
  select * from orders where status not in ('denied', 'filled', 'canceled', 'rejected', 'expired');
create view standing_orders as
  select client_order_id, account_id, user_id, bot_id, instrument_id, mode, side, type, quantity, price, time_in_force, purpose, status,
         status_before, venue_order_id, filled_quantity, filled_notional, notional_currency, fees, cancel_reason, reason_code,
         reason_text, version, created_at_us, updated_at_us
    from orders
   where status not in ('denied', 'filled', 'canceled', 'rejected', 'expired')
      or updated_at_us > (extract(epoch from now()) * 1000000)::bigint - 3600000000;
