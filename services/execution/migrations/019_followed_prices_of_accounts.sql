-- Up Migration
-- How far a price was followed is written by the one writer of its account.
alter table followed_prices add column account_id text;
update followed_prices set account_id = orders.account_id
  from orders where orders.client_order_id = followed_prices.client_order_id;
delete from followed_prices where account_id is null;
alter table followed_prices alter column account_id set not null;

-- Down Migration
alter table followed_prices drop column account_id;
