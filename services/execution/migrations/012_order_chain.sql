-- Up Migration
-- What happened to the orders of an account is a chain: gapless, each row with a hash of itself and of all before it, see
-- docs/audit.md. Rows from before this migration have neither number nor hash, and stay outside of it.
alter table order_events add column account_id text, add column sequence bigint, add column hash bytea;
create unique index order_events_chain on order_events (account_id, sequence) where sequence is not null;

-- The pruning goes by the numbers from now on; by age only where there are none.
drop index order_events_by_age;
create index order_events_unchained on order_events (recorded_at_us) where sequence is null;

create trigger order_events_append_only before update or delete on order_events
  for each row execute function refuse_change();

-- Down Migration
drop trigger order_events_append_only on order_events;
drop index order_events_unchained;
create index order_events_by_age on order_events (recorded_at_us);
drop index order_events_chain;
alter table order_events drop column account_id, drop column sequence, drop column hash;
