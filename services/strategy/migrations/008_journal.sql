-- Up Migration
-- What each step of a bot that changed something was told, and what came of it: enough to take the steps again. A row that begins has the
-- whole state; the others have what changed since the row before.
create table journal (
  bot_id text not null,
  number integer not null,
  at_us bigint not null,
  begins boolean not null,
  -- JSON, kept as it was written: the order of names in it is part of the state.
  entry text not null,
  primary key (bot_id, number)
);
create index journal_beginnings on journal (bot_id, number) where begins;

-- Down Migration
drop table journal;
