-- Up Migration
-- Plans that were over for so long that they went. Their ids stay: orders are kept for ever, and a plan that came under an old id would take
-- those for its own.
create table forgotten_plans (plan_id text primary key);
create index order_plans_over on order_plans (updated_at_us) where status in ('done', 'canceled', 'failed');

-- Down Migration
drop index order_plans_over;
drop table forgotten_plans;
