-- Up Migration
-- Who asked first for what two people have to say: a milder state of the platform or of a venue. Never changed, never removed; who
-- completed it stands in trading_state_changes.
create table release_asks (
  number bigint generated always as identity primary key,
  scope text not null,
  state text not null,
  -- Of the state that it would end: an ask is void when that has changed.
  since_us bigint not null,
  asked_by text not null,
  asked_at_us bigint not null
);
create index release_asks_of_scope on release_asks (scope, since_us);

-- Down Migration
drop table release_asks;
