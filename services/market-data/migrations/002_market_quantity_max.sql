-- Up Migration
-- The most of one order at the market. Null in what was stored before: then it is quantity_max, until the venue lists it again.
alter table instruments add column market_quantity_max numeric;

-- Down Migration
alter table instruments drop column market_quantity_max;
