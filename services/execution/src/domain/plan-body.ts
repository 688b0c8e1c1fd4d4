import type { Plan } from '@scalpstorm/engine';

/** Fields that hold whole units of prices, quantities and money. */
const exact: ReadonlySet<string> = new Set([
  'price',
  'activation',
  'quantity',
  'filled',
  'net',
  'opened',
  'closed',
  'show',
  'stepSize',
  'quantityMin',
  'quantityMax',
  'amount',
]);

/** The plan as it is stored: JSON, with exact numbers as texts of whole units. */
export const planText = (plan: Plan): string =>
  JSON.stringify(plan, (_key, value) => (typeof value === 'bigint' ? value.toString() : value));

export const planFromText = (text: string): Plan =>
  JSON.parse(text, (key, value) => (exact.has(key) && typeof value === 'string' ? BigInt(value) : value)) as Plan;
