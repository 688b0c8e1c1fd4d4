-- Up Migration
-- Words on venues, accounts and bots stand beside those on the platform ('') and on users: `user_id` is then the scope,
-- `bot:bot_00000001`. Where only what reduces is ordered, what was approved before does not leave.
alter table trading_halts add column reducing boolean not null default false;

-- Down Migration
delete from trading_halts where user_id like '%:%';
alter table trading_halts drop column reducing;
