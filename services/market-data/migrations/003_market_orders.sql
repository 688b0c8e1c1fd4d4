-- Up Migration
-- What else holds for one order at the market. Null in what was stored before: then it is as for all orders, until the venue lists it again.
alter table instruments
  add column market_step_size numeric,
  add column market_quantity_min numeric,
  add column market_notional_max numeric;

-- Down Migration
alter table instruments
  drop column market_step_size,
  drop column market_quantity_min,
  drop column market_notional_max;
