-- Up Migration
-- Instruments as market-data last listed them, each as the bus carried it: a gate that starts while market-data is away can
-- still read execution's books and close.
create table instruments (
  instrument_id text primary key,
  listing bytea not null
);

-- Down Migration
drop table instruments;
