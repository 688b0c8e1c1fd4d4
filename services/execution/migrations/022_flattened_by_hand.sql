-- Up Migration
-- What a halt does besides holding back is obeyed for as long as it stands, also by the next process: what opens is canceled, and at level
-- flatten what is held is closed.
alter table trading_halts add column level text not null default 'halt';
-- What orders by hand and of plans hold is summed of their fills, for each user.
create index orders_by_hand on orders (account_id) where bot_id is null;

-- Down Migration
drop index orders_by_hand;
alter table trading_halts drop column level;
