import type { Timestamp } from '@scalpstorm/kernel';
import type { Price } from './price.js';
import type { Quantity } from './quantity.js';

/**
 * - `stop`: on the way against the order: a sell below the market, a buy above it
 * - `take-profit`: on the way with it
 * - `trailing`: when the price has come back by a distance from the best that it has had
 */
export const triggerKinds = ['stop', 'take-profit', 'trailing'] as const;
export type TriggerKind = (typeof triggerKinds)[number];

/**
 * Which price a trigger looks at: the last trade, the middle of the book, or the mark, which on a market without one of its own is the
 * median of bid, ask and last trade, so that neither a lone trade nor a lone quote moves it.
 */
export const triggerSources = ['last', 'mark', 'mid'] as const;
export type TriggerSource = (typeof triggerSources)[number];

/** What must happen before an order goes to the book. */
export type Trigger =
  | { readonly kind: 'stop' | 'take-profit'; readonly price: Price; readonly source: TriggerSource }
  | {
      readonly kind: 'trailing';
      /** How far it must come back, in basis points of the best price since it follows. */
      readonly distanceBps: number;
      /** It follows from this price on; null: from its placement on. */
      readonly activation: Price | null;
      readonly source: TriggerSource;
    };

/** What an order may have beside side, type, price, quantity and time in force. Absent in most: they go to the book at once. */
export interface OrderTerms {
  readonly trigger?: Trigger;
  /** Of `GTD`, and of nothing else: what is left then is canceled, and the order ends as expired. */
  readonly expiresAt?: Timestamp;
  /** How much of a resting order others see at a time (iceberg); absent: all. */
  readonly displayQuantity?: Quantity;
}

/** An order without any terms but the usual ones: every venue holds it. */
export const isPlain = ({ trigger, expiresAt, displayQuantity }: OrderTerms): boolean =>
  trigger === undefined && expiresAt === undefined && displayQuantity === undefined;

/** The terms of a request and nothing else; without keys where it has none. */
export function termsOf({ trigger, expiresAt, displayQuantity }: OrderTerms): OrderTerms {
  return {
    ...(trigger === undefined ? {} : { trigger }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(displayQuantity === undefined ? {} : { displayQuantity }),
  };
}

/** Wider than what any venue takes, so that what is mistyped is found here. */
export const trailingBps = { min: 1, max: 5_000 } as const;

/** Terms that do not fit one another, whatever the venue and the market. */
export interface TermsFault {
  /** A JSON pointer. */
  readonly field: string;
  readonly text: string;
  readonly next: string;
}

interface Terms extends OrderTerms {
  readonly type: 'limit' | 'market';
  readonly timeInForce: string;
  readonly quantity: Quantity;
}

/** The first thing that can not be meant; null: they fit. */
export function termsFault(request: Terms): TermsFault | null {
  return expiryFault(request) ?? triggerFault(request) ?? displayFault(request);
}

function expiryFault({ type, timeInForce, expiresAt, trigger }: Terms): TermsFault | null {
  if (timeInForce !== 'GTD')
    return expiresAt === undefined
      ? null
      : { field: '/expiresAt', text: 'Only a GTD order has an expiry.', next: 'Use GTD, or leave the expiry out.' };
  if (expiresAt === undefined)
    return { field: '/expiresAt', text: 'A GTD order needs its expiry.', next: 'Say until when it is good.' };
  if (type === 'limit' || trigger !== undefined) return null;
  return {
    field: '/timeInForce',
    text: 'An order at the market does not rest, so it can not expire.',
    next: 'Use GTC.',
  };
}

function triggerFault({ timeInForce, trigger }: Terms): TermsFault | null {
  if (trigger === undefined) return null;
  if (timeInForce === 'PO')
    return {
      field: '/timeInForce',
      text: 'A post-only order can not wait for a trigger: the market is at its price by then.',
      next: 'Use GTC.',
    };
  if (trigger.kind !== 'trailing') return null;
  const { distanceBps } = trigger;
  const fits = Number.isInteger(distanceBps) && distanceBps >= trailingBps.min && distanceBps <= trailingBps.max;
  if (fits) return null;
  const allowed = `${trailingBps.min} to ${trailingBps.max}`;
  return {
    field: '/trigger/distanceBps',
    text: `The distance is a whole number of basis points, ${allowed}.`,
    next: `Use ${allowed}.`,
  };
}

function displayFault({ type, timeInForce, quantity, displayQuantity }: Terms): TermsFault | null {
  if (displayQuantity === undefined) return null;
  if (type !== 'limit' || (timeInForce !== 'GTC' && timeInForce !== 'GTD'))
    return {
      field: '/displayQuantity',
      text: 'Only a limit order that rests can show a part of itself.',
      next: 'Use a GTC limit order, or leave it out.',
    };
  if (displayQuantity > 0n && displayQuantity < quantity) return null;
  return {
    field: '/displayQuantity',
    text: 'It is more than zero and less than the quantity.',
    next: 'Show less than the whole.',
  };
}
