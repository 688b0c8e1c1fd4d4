-- Up Migration
-- The last word of the risk gate on each user's trading, and on the whole platform's ('' as user): an approval that was given just
-- before a halt does not leave after it, also when this process ends in between.
create table trading_halts (
  user_id text primary key,
  halted boolean not null,
  text text not null,
  since_us bigint not null
);

-- Down Migration
drop table trading_halts;
