-- Up Migration
-- States of venues, accounts and bots beside those of the platform ('') and of users: `user_id` is then the scope, `bot:bot_00000001`.
-- Whose it is (null: nobody's), and whether it was said by an operator of what is not theirs: only an operator makes that milder.
alter table trading_states add column owner_id text;
alter table trading_states add column operator boolean not null default false;
update trading_states set owner_id = user_id where user_id <> '';
update trading_states set operator = true where user_id = '';

-- Every word that was said, for audits: never changed, never removed.
create table trading_state_changes (
  number bigint generated always as identity primary key,
  scope text not null,
  before_state text not null,
  after_state text not null,
  text text not null,
  changed_by text not null,
  operator boolean not null,
  since_us bigint not null
);
create index trading_state_changes_of_scope on trading_state_changes (scope, since_us);

-- Down Migration
drop table trading_state_changes;
delete from trading_states where user_id like '%:%';
alter table trading_states drop column operator;
alter table trading_states drop column owner_id;
