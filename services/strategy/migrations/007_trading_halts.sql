-- Up Migration
-- The last word of the risk gate on each scope, and whether bots have done what its level says: one that is heard late is obeyed for as long
-- as it stands, also by the next process, and by each only once.
create table trading_halts (
  scope text primary key,
  state text not null check (state in ('active', 'reducing', 'halted')),
  text text not null,
  level text not null check (level in ('halt', 'cancel', 'flatten')),
  since_us bigint not null,
  obeyed boolean not null
);

-- Down Migration
drop table trading_halts;
