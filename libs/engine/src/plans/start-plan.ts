import type { Timestamp } from '@scalpstorm/kernel';
import {
  atMarket,
  type Instrument,
  Money,
  notional,
  type PlanId,
  type PlanStop,
  type PlanTarget,
  type PlanTerms,
  Price,
  Quantity,
} from '@scalpstorm/model';
import type { Plan, PlanRules } from './plan.js';

/** What can not be meant, whatever the market is at. */
export interface PlanFault {
  readonly code:
    | 'PLAN_UNFIT'
    | 'QUANTITY_OFF_STEP'
    | 'QUANTITY_BELOW_MINIMUM'
    | 'NOTIONAL_BELOW_MINIMUM'
    | 'PRICE_OFF_TICK';
  /** A JSON pointer. */
  readonly field: string;
  readonly text: string;
  readonly allowed: string;
  readonly next: string;
}

export function rulesOf(instrument: Instrument): PlanRules {
  const market = atMarket(instrument);
  return {
    base: instrument.base,
    stepSize: market.stepSize,
    quantityMin: Quantity.max(instrument.quantityMin, market.quantityMin),
    quantityMax: market.quantityMax,
    notionalMin: instrument.notionalMin,
  };
}

export interface NewPlan extends Pick<Plan, 'userId' | 'accountId' | 'mode' | 'hidden'> {
  readonly id: PlanId;
  readonly terms: PlanTerms;
  readonly instrument: Instrument;
}

/** Nothing of it has been asked for. */
export function startPlan({ instrument, ...wish }: NewPlan, now: Timestamp): Plan {
  return {
    ...wish,
    instrumentId: instrument.id,
    rules: rulesOf(instrument),
    status: 'planned',
    reason: null,
    children: [],
    folded: { opened: Quantity.zero, closed: Quantity.zero, filled: Quantity.zero },
    attempts: {},
    canceling: false,
    halted: null,
    failing: null,
    exit: null,
    failures: 0,
    pauseUntil: null,
    targetAfter: null,
    slot: -1,
    createdAt: now,
    updatedAt: now,
  };
}

/** The first thing that can not be meant; null: it can. */
export function planFault(terms: PlanTerms, instrument: Instrument): PlanFault | null {
  return sizeFault(terms, instrument) ?? kindFault(terms, instrument);
}

function sizeFault({ quantity }: PlanTerms, instrument: Instrument): PlanFault | null {
  const { stepSize, quantityMin } = rulesOf(instrument);
  if (!Quantity.isMultipleOf(quantity, stepSize)) {
    const step = Quantity.format(stepSize);
    const text = `The quantity is in whole steps of ${step}.`;
    return { code: 'QUANTITY_OFF_STEP', field: '/quantity', text, allowed: step, next: 'Use whole steps.' };
  }
  return quantity >= quantityMin ? null : tooLittle('/quantity', quantityMin);
}

function tooLittle(field: string, least: Quantity): PlanFault {
  const allowed = `at least ${Quantity.format(least)}`;
  const text = `The venue takes no order of less than ${Quantity.format(least)}.`;
  return { code: 'QUANTITY_BELOW_MINIMUM', field, text, allowed, next: `Use ${allowed}.` };
}

function kindFault(terms: PlanTerms, instrument: Instrument): PlanFault | null {
  switch (terms.kind) {
    case 'oco':
      return exitsFault(terms, terms.side === 'sell', terms, instrument);
    case 'bracket':
      return exitsFault(terms, terms.side === 'buy', terms, instrument) ?? entryFault(terms);
    case 'twap':
      return sliceFault(terms, instrument);
    case 'iceberg':
      return showFault(terms, instrument);
    case 'flatten':
      return null;
  }
}

interface Exits {
  readonly stop: PlanStop;
  readonly target: PlanTarget | null;
}

/** @param sells whether the exits sell: their stop lies below the target then, else above it */
function exitsFault(exits: Exits, sells: boolean, { quantity }: PlanTerms, instrument: Instrument): PlanFault | null {
  const { stop, target } = exits;
  const level = stop.trigger.kind === 'trailing' ? null : stop.trigger.price;
  if (stop.trigger.kind === 'take-profit')
    return unfit('/stop/trigger/kind', 'A stop is of the kind stop or trailing.', 'Use stop or trailing.');
  const prices = [
    ['/stop/trigger/price', level],
    ['/stop/price', stop.price],
    ['/target/price', target?.price ?? null],
  ] as const;
  for (const [field, price] of prices) {
    if (price !== null && price % instrument.tickSize !== 0n) return offTick(field, instrument);
  }
  if (target !== null && level !== null && (sells ? level >= target.price : level <= target.price)) {
    const where = sells ? 'below' : 'above';
    return unfit('/target/price', `The stop lies ${where} the target.`, 'Change one of the two prices.');
  }
  const worst = stop.price ?? level;
  if (worst !== null && Money.compare(notional(worst, quantity, instrument.quote), instrument.notionalMin) < 0) {
    const least = `${Money.format(instrument.notionalMin)} ${instrument.quote}`;
    const text = `At its stop it is worth less than the venue takes (${least}).`;
    return { code: 'NOTIONAL_BELOW_MINIMUM', field: '/quantity', text, allowed: `worth ${least}`, next: 'Use more.' };
  }
  return null;
}

function entryFault({ entry, side, stop }: Extract<PlanTerms, { kind: 'bracket' }>): PlanFault | null {
  if (entry.timeInForce === 'GTD')
    return unfit('/entry/timeInForce', 'An entry has no expiry.', 'Use GTC, IOC or FOK.');
  if (entry.price === null || stop.trigger.kind === 'trailing') return null;
  const through = side === 'buy' ? entry.price <= stop.trigger.price : entry.price >= stop.trigger.price;
  if (!through) return null;
  return unfit('/stop/trigger/price', 'The stop would go off at the entry’s own price.', 'Move the stop away from it.');
}

function sliceFault({ quantity, slices, price }: Extract<PlanTerms, { kind: 'twap' }>, instrument: Instrument) {
  const { quantityMin } = rulesOf(instrument);
  if (price !== null && price % instrument.tickSize !== 0n) return offTick('/price', instrument);
  return quantity / BigInt(slices) >= quantityMin ? null : tooLittle('/slices', quantityMin);
}

function showFault({ quantity, show, price }: Extract<PlanTerms, { kind: 'iceberg' }>, instrument: Instrument) {
  const { stepSize, quantityMin } = rulesOf(instrument);
  if (price % instrument.tickSize !== 0n) return offTick('/price', instrument);
  if (show >= quantity) return unfit('/show', 'It shows less than the whole.', 'Show less.');
  if (!Quantity.isMultipleOf(show, stepSize)) return unfit('/show', 'It shows whole steps.', 'Show whole steps.');
  if (show < quantityMin) return tooLittle('/show', quantityMin);
  return null;
}

const unfit = (field: string, text: string, next: string): PlanFault => ({
  code: 'PLAN_UNFIT',
  field,
  text,
  allowed: '',
  next,
});

function offTick(field: string, { tickSize }: Instrument): PlanFault {
  const tick = Price.format(tickSize);
  const text = `Prices are in whole ticks of ${tick}.`;
  return { code: 'PRICE_OFF_TICK', field, text, allowed: tick, next: 'Use whole ticks.' };
}
