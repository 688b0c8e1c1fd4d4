-- Up Migration
-- Sums that grow with every fill and order, in the same transaction: reconciliation must not read the whole past every time.

-- What all fills of an account moved, a currency; exact.
create table cash_flows (
  account_id text not null,
  currency text not null,
  amount numeric not null,
  primary key (account_id, currency)
);
insert into cash_flows (account_id, currency, amount)
  with flows as (
    select account_id, split_part(split_part(instrument_id, ':', 2), '-', 1) as currency,
           case side when 'buy' then quantity else -quantity end as amount
      from fills
    union all
    select account_id, split_part(split_part(instrument_id, ':', 2), '-', 2),
           case side when 'buy' then -price * quantity else price * quantity end
      from fills
    union all
    select account_id, fee_currency, -fee from fills
  )
  select account_id, currency, sum(amount) from flows group by account_id, currency;

-- The instruments that an account ever ordered, with the time of the first order: no fill of ours is older.
create table traded_instruments (
  account_id text not null,
  instrument_id text not null,
  since_us bigint not null,
  primary key (account_id, instrument_id)
);
insert into traded_instruments (account_id, instrument_id, since_us)
  select account_id, instrument_id, min(created_at_us) from orders group by account_id, instrument_id;

-- A cancel that was heard before its order; it ends the order when its approval comes. Bounded by age and number.
create table early_cancels (
  client_order_id text primary key,
  account_id text not null,
  cancel_reason text not null,
  caused_by text,
  requested_at_us bigint not null,
  expires_at_us bigint not null
);
create index early_cancels_by_account on early_cancels (account_id, requested_at_us);

-- For the pruning by age.
create index order_events_by_age on order_events (recorded_at_us);
create index differences_by_age on differences (found_at);

-- Down Migration
drop index differences_by_age;
drop index order_events_by_age;
drop table early_cancels;
drop table traded_instruments;
drop table cash_flows;
