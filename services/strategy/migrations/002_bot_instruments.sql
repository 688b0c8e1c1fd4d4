-- Up Migration
-- The instrument against which a bot's parameters were checked: a bot can be run again when market-data is late, and when
-- the venue has changed its filters meanwhile. Null for bots of before this column; they wait for market-data.
alter table bots add column instrument jsonb;
create index bots_by_user on bots (user_id) where deleted_at_us is null;

-- Down Migration
drop index bots_by_user;
alter table bots drop column instrument;
