-- Up Migration
-- The field of the order that is to blame, as a JSON pointer.
alter table verdicts add column field text;

-- Down Migration
alter table verdicts drop column field;
