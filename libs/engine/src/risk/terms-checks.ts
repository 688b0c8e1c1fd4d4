import { Timestamp } from '@scalpstorm/kernel';
import { isPlain, Price, Quantity, type Trigger, termsFault } from '@scalpstorm/model';
import { isReached, sourcePrice } from '../orders/trigger.js';
import { type Check, words } from './check.js';
import { denial, type Finding, type Judgement } from './judgement.js';

function termsFit({ request }: Judgement): Finding | null {
  if (isPlain(request) && request.timeInForce !== 'GTD') return null;
  const fault = termsFault(request);
  return fault === null ? null : denial('TERMS_UNFIT', `${fault.field}: ${fault.text}`, ['', ''], fault.next);
}

function notExpired({ request, context }: Judgement): Finding | null {
  const { expiresAt } = request;
  if (expiresAt === undefined || expiresAt > context.now) return null;
  const numbers = [Timestamp.toIso(context.now), Timestamp.toIso(expiresAt)] as const;
  return denial('EXPIRY_PASSED', 'The order expires before it could be placed.', numbers, 'Use a later expiry.');
}

/** What a trigger names: its price, or from where on it follows. */
const priceOf = (trigger: Trigger): Price | null => (trigger.kind === 'trailing' ? trigger.activation : trigger.price);

function triggerAllowed({ request, context }: Judgement): Finding | null {
  const { instrument } = context;
  const price = request.trigger === undefined ? null : priceOf(request.trigger);
  if (price === null || instrument === null) return null;
  const { tickSize, priceMin, priceMax } = instrument;
  const value = Price.format(price);
  if (price < priceMin || price > priceMax || price <= 0n) {
    const limit = `${Price.format(priceMin)}..${Price.format(priceMax)}`;
    const text = `The venue does not take this trigger: ${value} (${limit}).`;
    return denial('TRIGGER_OUT_OF_RANGE', text, [limit, value], 'Use a price of that range.');
  }
  if (Price.isMultipleOf(price, tickSize)) return null;
  const nearest = Price.format(Price.floorTo(Price.fromUnits(price + tickSize / 2n), tickSize));
  const text = `The trigger ${value} is not in whole ticks of ${Price.format(tickSize)}.`;
  return denial('TRIGGER_OFF_TICK', text, [Price.format(tickSize), value], `Nearest allowed: ${nearest}.`);
}

function displayAllowed({ request, context }: Judgement): Finding | null {
  const { displayQuantity } = request;
  const step = context.instrument?.stepSize;
  if (displayQuantity === undefined || step === undefined || Quantity.isMultipleOf(displayQuantity, step)) return null;
  const numbers = [Quantity.format(step), Quantity.format(displayQuantity)] as const;
  const text = `What is shown is not in whole steps of ${numbers[0]}.`;
  return denial('DISPLAY_OFF_STEP', text, numbers, 'Show whole steps.');
}

/** A close is for the venue to judge, and whoever emulates it does at once what it asked for. */
function notReached({ request, context }: Judgement): Finding | null {
  const { trigger, side } = request;
  if (trigger === undefined || trigger.kind === 'trailing' || context.market === null) return null;
  const now = sourcePrice(context.market, trigger.source);
  if (now === null || !isReached(trigger, side, now)) return null;
  const numbers = [Price.format(trigger.price), Price.format(now)] as const;
  const text = `The ${trigger.source} price is ${numbers[1]}: the trigger ${numbers[0]} would go off at once.`;
  return denial('WOULD_TRIGGER', text, numbers, 'Use a trigger on the other side of the market, or none.');
}

const venueRule = words('the venue’s filters');

/** What an order has beside price and quantity. */
export const termsChecks: readonly Check[] = [
  {
    name: 'the terms fit one another',
    closing: true,
    refusals: [
      {
        code: 'TERMS_UNFIT',
        field: '',
        limit: words('what an order can be'),
        next: 'Change what the answer names.',
      },
    ],
    judge: termsFit,
  },
  {
    name: 'the expiry is to come',
    closing: true,
    refusals: [{ code: 'EXPIRY_PASSED', field: '/expiresAt', limit: words('now'), next: 'Use a later expiry.' }],
    judge: notExpired,
  },
  {
    name: 'the venue’s filters for the trigger',
    closing: true,
    refusals: [
      { code: 'TRIGGER_OUT_OF_RANGE', field: '/trigger/price', limit: venueRule, next: 'Use a price of the range.' },
      { code: 'TRIGGER_OFF_TICK', field: '/trigger/price', limit: venueRule, next: 'Use the nearest allowed value.' },
    ],
    judge: triggerAllowed,
  },
  {
    name: 'the venue’s step for what is shown',
    closing: true,
    refusals: [{ code: 'DISPLAY_OFF_STEP', field: '/displayQuantity', limit: venueRule, next: 'Show whole steps.' }],
    judge: displayAllowed,
  },
];

/** After the market is known to be fresh. */
export const triggerChecks: readonly Check[] = [
  {
    name: 'the trigger is not reached',
    closing: false,
    refusals: [
      {
        code: 'WOULD_TRIGGER',
        field: '/trigger/price',
        limit: words('the price that the trigger looks at'),
        next: 'Use a trigger on the other side of the market, or none.',
      },
    ],
    judge: notReached,
  },
];
