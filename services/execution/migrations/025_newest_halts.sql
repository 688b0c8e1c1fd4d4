-- Up Migration
-- Whoever writes for accounts asks every second which words another may have kept, of the newest ones alone.
create index trading_halts_newest on trading_halts (since_us);

-- Down Migration
drop index trading_halts_newest;
