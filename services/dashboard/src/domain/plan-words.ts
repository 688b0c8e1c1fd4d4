import type { OrderPlan } from '../generated/api.js';
import { shown, signOf } from './decimal.js';
import { sourceWords, triggerWords } from './trigger-text.js';
import { counted } from './words.js';

export type PlanOrder = OrderPlan['orders'][number];

export const planKindWords: Readonly<Record<OrderPlan['kind'], string>> = {
  bracket: 'Bracket',
  oco: 'OCO',
  twap: 'TWAP',
  iceberg: 'Iceberg',
  flatten: 'Flatten by a halt',
};

export const planStatusWords: Readonly<Record<OrderPlan['status'], string>> = {
  planned: 'Planned',
  working: 'Working',
  protecting: 'Protecting',
  done: 'Done',
  canceled: 'Canceled',
  failed: 'Failed',
};

export const legWords: Readonly<Record<PlanOrder['leg'], string>> = {
  entry: 'Entry',
  stop: 'Stop',
  target: 'Target',
  exit: 'Exit at the market',
  slice: 'Slice',
};

const stateWords: Readonly<Record<PlanOrder['state'], string>> = {
  asked: 'asked for',
  placed: 'on its way',
  working: 'works',
  ended: 'over',
};

/** `Stop 0.001: works`; of one that traded, how much of it. */
export function legText({ leg, quantity, filledQuantity, state, code }: PlanOrder): string {
  const filled = signOf(filledQuantity) === 0 ? '' : `, ${shown(filledQuantity)} filled`;
  return `${legWords[leg]} ${shown(quantity)}: ${stateWords[state]}${filled}${code === null ? '' : ` (${code})`}`;
}

/** What the plan is made of, without its quantity: `limit 60,000; stop at 58,000; target 65,000`. */
export function planTerms({ kind, entry, stop, target, slices, intervalSeconds, price, show }: OrderPlan): string {
  const parts = [
    entry === null ? null : entry.price === null ? 'at the market' : `limit ${shown(entry.price)}`,
    stop === null ? null : stopText(stop),
    target === null ? null : targetText(target),
    slices === null ? null : counted(slices, 'slice'),
    intervalSeconds === null ? null : `every ${durationWords(intervalSeconds)}`,
    kind === 'bracket' || kind === 'oco' ? null : price === null ? 'at the market' : `limit ${shown(price)}`,
    show === null ? null : `shows ${shown(show)}`,
  ];
  return parts.filter((part) => part !== null).join('; ');
}

function stopText({ trigger, price }: NonNullable<OrderPlan['stop']>): string {
  const words = triggerWords({ trigger }) ?? 'stop';
  return price === null ? words : `${words}, limit ${shown(price)}`;
}

function targetText({ price, source, type }: NonNullable<OrderPlan['target']>): string {
  const by = source === 'last' ? '' : `, by ${sourceWords[source]}`;
  return `target ${shown(price)}${type === 'market' ? ' at the market' : ''}${by}`;
}

const units = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** Exactly, in the largest units: 90 → `1 minute 30 seconds`. */
export function durationWords(seconds: number): string {
  const parts: string[] = [];
  let left = seconds;
  for (const [size, name] of units) {
    const count = Math.floor(left / size);
    if (count > 0) parts.push(counted(count, name));
    left -= count * size;
  }
  return parts.join(' ');
}

/** What a cancel does, said before it is asked for. */
export function cancelConsequence({ stop, orders }: Pick<OrderPlan, 'stop' | 'orders'>): string {
  const open = orders.filter(({ state }) => state !== 'ended').length;
  const told = open === 0 ? 'Nothing of it works now.' : `${counted(open, 'order')} of it will be canceled.`;
  if (stop === null) return `${told} What has been traded stays as it is.`;
  return `${told} Its protective stop goes too: what you hold of it stays, and nothing protects it from then on.`;
}
