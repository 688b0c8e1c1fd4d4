import type { OrderPlan } from '../generated/api.js';
import { distanceBps, isAmount, type OrderDraft, type Source } from './order-draft.js';

export type PlanKind = OrderPlan['kind'];

/** What a plan has beside account, market, side, quantity, price and reduce-only, which it shares with an order. */
export interface PlanDraft extends OrderDraft {
  /** Null: one order. */
  readonly plan: PlanKind | null;
  readonly entryAtMarket: boolean;
  readonly stopTrails: boolean;
  readonly stopTrigger: string;
  /** In percent. */
  readonly stopDistance: string;
  readonly stopLimit: string;
  /** What stop and target look at. */
  readonly exitSource: Source;
  readonly target: string;
  readonly targetAtMarket: boolean;
  readonly slices: string;
  readonly intervalSeconds: string;
  readonly show: string;
}

interface PlanKindWords {
  readonly kind: PlanKind;
  readonly label: string;
  readonly help: string;
}

export const planKinds: readonly PlanKindWords[] = [
  { kind: 'bracket', label: 'Bracket', help: 'An entry, then a stop and a target for what it fills.' },
  { kind: 'oco', label: 'OCO', help: 'A stop and a target for what you hold; one ends the other.' },
  { kind: 'twap', label: 'TWAP', help: 'Equal slices, one an interval.' },
  { kind: 'iceberg', label: 'Iceberg', help: 'One part in the book at a time.' },
];

/** As the gateway has them: wide, so that what is mistyped is found. */
const slicesRange = [2, 500] as const;
const intervalRange = [1, 86_400] as const;
const between = (text: string, [least, most]: readonly [number, number]): boolean =>
  /^\d{1,6}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;

export const hasExits = (kind: PlanKind | null): boolean => kind === 'bracket' || kind === 'oco';
/** Whether its limit price is on the screen, and whether it must be filled in. */
export const limitOf = ({ plan, entryAtMarket }: PlanDraft): 'needed' | 'optional' | 'none' => {
  if (plan === 'twap') return 'optional';
  return plan === 'iceberg' || (plan === 'bracket' && !entryAtMarket) ? 'needed' : 'none';
};
/** By the API's name of the field. */
export const limitPointer = (plan: PlanKind | null): string => (plan === 'bracket' ? '/entry/price' : '/price');

/** The fields of a plan that are on the screen, by the API's names. */
export function planPointers(draft: PlanDraft): readonly string[] {
  const { plan, stopTrails } = draft;
  return [
    ...['/account', '/symbol', '/side', '/kind', '/quantity'],
    ...(limitOf(draft) === 'none' ? [] : [limitPointer(plan)]),
    ...(plan === 'bracket' ? ['/entry/type'] : []),
    ...(hasExits(plan) ? ['/stop/trigger/kind', '/stop/price', '/stop/trigger/source', '/target/price'] : []),
    ...(hasExits(plan) ? [stopTrails ? '/stop/trigger/distanceBps' : '/stop/trigger/price', '/target/type'] : []),
    ...(plan === 'twap' ? ['/slices', '/intervalSeconds'] : []),
    ...(plan === 'iceberg' ? ['/show'] : []),
    ...(hasExits(plan) ? [] : ['/purpose']),
  ];
}

const amountFault = 'A number above 0, with a point: 0.001';

/** What is wrong with it, by the API's names of the fields, before anybody is asked. */
export function planFaults(draft: PlanDraft): Readonly<Record<string, string>> {
  const { plan } = draft;
  const faults: Record<string, string> = {};
  const amount = (pointer: string, text: string, optional = false) => {
    if (!isAmount(text) && !(optional && text.trim() === '')) faults[pointer] = amountFault;
  };
  if (draft.account === '') faults['/account'] = 'Choose an account.';
  if (draft.symbol === '') faults['/symbol'] = 'Choose a market.';
  amount('/quantity', draft.quantity);
  if (limitOf(draft) !== 'none') amount(limitPointer(plan), draft.price, limitOf(draft) === 'optional');
  if (hasExits(plan)) {
    if (!draft.stopTrails) amount('/stop/trigger/price', draft.stopTrigger);
    else if (distanceBps(draft.stopDistance) === null)
      faults['/stop/trigger/distanceBps'] = '0.01 to 50 %, in steps of 0.01';
    if (!draft.stopTrails) amount('/stop/price', draft.stopLimit, true);
    amount('/target/price', draft.target, plan === 'bracket');
  }
  if (plan === 'twap') {
    if (!between(draft.slices, slicesRange)) faults['/slices'] = 'A whole number from 2 to 500';
    if (!between(draft.intervalSeconds, intervalRange))
      faults['/intervalSeconds'] = 'Whole seconds from 1 to 86400 (a day)';
  }
  if (plan === 'iceberg') amount('/show', draft.show);
  return faults;
}

/** What `POST /v1/order-plans` is asked for. Only of a draft without faults. */
export function planBody(draft: PlanDraft): object {
  const { account, symbol, side, plan, reduceOnly } = draft;
  const whose = { account, symbol, kind: plan, side, quantity: draft.quantity.trim() };
  const purpose = reduceOnly ? 'close' : 'open';
  const price = draft.price.trim();
  switch (plan) {
    case 'bracket':
      return { ...whose, entry: entryOf(draft), ...exitsOf(draft) };
    case 'oco':
      return { ...whose, purpose: 'close', ...exitsOf(draft) };
    case 'twap': {
      const [slices, intervalSeconds] = [Number(draft.slices), Number(draft.intervalSeconds)];
      return { ...whose, purpose, slices, intervalSeconds, ...(price === '' ? {} : { price }) };
    }
    default:
      return { ...whose, purpose, price, show: draft.show.trim() };
  }
}

const entryOf = ({ entryAtMarket, price }: PlanDraft): object =>
  entryAtMarket ? { type: 'market' } : { type: 'limit', price: price.trim() };

function exitsOf(draft: PlanDraft): object {
  const { stopTrails, exitSource: source, targetAtMarket } = draft;
  const [limit, target] = [draft.stopLimit.trim(), draft.target.trim()];
  const trigger = stopTrails
    ? { kind: 'trailing', source, distanceBps: distanceBps(draft.stopDistance) }
    : { kind: 'stop', source, price: draft.stopTrigger.trim() };
  return {
    stop: { trigger, ...(stopTrails || limit === '' ? {} : { price: limit }) },
    ...(target === '' ? {} : { target: { price: target, source, type: targetAtMarket ? 'market' : 'limit' } }),
  };
}
