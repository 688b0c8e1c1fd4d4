-- Up Migration
-- Orders that belong together. One writer an account, like everything of the ledger: a new version of a plan and what it asks the gate
-- for are one transaction under its lease, so that a restart finds plan, children and questions in one state.
create table order_plans (
  plan_id text primary key,
  sequence bigint generated always as identity,
  account_id text not null,
  user_id text not null,
  status text not null,
  version integer not null,
  -- The plan as it is now; exact numbers are texts of whole units.
  body jsonb not null,
  created_at_us bigint not null,
  updated_at_us bigint not null
);
create index order_plans_open on order_plans (account_id) where status not in ('done', 'canceled', 'failed');
create index order_plans_by_user on order_plans (user_id, sequence desc);

-- Down Migration
drop table order_plans;
