-- Up Migration
-- The right to run the bots: one row. Every taking gives a higher token.
create table lease (
  one boolean primary key default true check (one),
  token bigint not null,
  holder text not null,
  expires_at timestamptz not null
);
-- Rows of bots are written again all the time: with room beside them no index has to follow.
alter table bots set (fillfactor = 70);

-- Down Migration
alter table bots reset (fillfactor);
drop table lease;
