-- Up Migration
-- Both legs of a pair, its fees as they were charged, what it left over and why it was closed. Pairs of before these columns
-- traded the same quantity on both legs as far as is known.
alter table cycles
  add column buy_quantity numeric,
  add column sell_quantity numeric,
  add column fees_paid jsonb not null default '[]',
  -- In neither base nor quote; `value` is in quote, null where no price was known.
  add column other_fees jsonb not null default '[]',
  add column dust numeric not null default 0,
  add column exit text not null default 'target';
update cycles set buy_quantity = quantity, sell_quantity = quantity;
alter table cycles alter column buy_quantity set not null, alter column sell_quantity set not null;

-- Down Migration
alter table cycles
  drop column buy_quantity,
  drop column sell_quantity,
  drop column fees_paid,
  drop column other_fees,
  drop column dust,
  drop column exit;
