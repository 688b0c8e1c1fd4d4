-- Up Migration
-- Few: those that wait for a price of a fee in a third currency.
create index cycles_unvalued on cycles (bot_id, number) where other_fees @> '[{"value": null}]';

-- Down Migration
drop index cycles_unvalued;
