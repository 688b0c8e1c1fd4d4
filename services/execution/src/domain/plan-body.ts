import type { Plan, PlanChild } from '@scalpstorm/engine';

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

/** Rows of before halts ended plans, and before it was told why an order came to nothing, lack that. */
export function planFromText(text: string): Plan {
  const plan = JSON.parse(text, (key, value) => (exact.has(key) && typeof value === 'string' ? BigInt(value) : value));
  const children = plan.children.map((child: PlanChild) => ({ ...child, note: child.note ?? null }));
  return { ...plan, halted: plan.halted ?? null, failing: plan.failing ?? null, children };
}
