-- Up Migration
-- The venue's trade up to which every fill of an account is in our books. The newest booked fill is no such mark, because the
-- stream may have lost an older one.
create table fill_marks (
  account_id text not null,
  instrument_id text not null,
  trade_id text not null,
  primary key (account_id, instrument_id)
);

-- Down Migration
drop table fill_marks;
