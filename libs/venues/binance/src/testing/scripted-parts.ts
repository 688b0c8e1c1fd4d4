import { type Clock, millisecond, seededRng, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  ClientOrderId,
  InstrumentId,
  type OrderRequest,
  Price,
  Quantity,
  UserId,
  VenueId,
} from '@scalpstorm/model';
import type { BinanceOptions, VenueNotice } from '../options.js';
import { payload } from './payload.js';
import type { ScriptedVenue } from './scripted-venue.js';

export const clock: Clock = { now: () => Timestamp.fromMillis(Date.now()) };
export const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
export const credentials = { apiKey: 'key', secret: 'secret' };
export const patience = { timeoutMs: 60_000 };

/** For specs about what happens when nobody answers; longer than a process of a loaded machine gets no turn. */
export const hasty = { requestTimeout: 2_000 * millisecond, silenceMax: 2_000 * millisecond };

/** Connects again at once, and never mistakes a loaded machine for a silent venue. */
export function impatient(
  venue: ScriptedVenue,
  notices: VenueNotice[],
  changes: Partial<BinanceOptions> = {},
): BinanceOptions {
  return {
    venue: VenueId.of('sim'),
    addresses: venue.addresses,
    clock,
    rng: seededRng(1),
    requestTimeout: 30_000 * millisecond,
    budgetWaitMax: 0,
    backoff: { first: 5 * millisecond, most: 50 * millisecond },
    silenceMax: 30_000 * millisecond,
    onNotice: (notice) => notices.push(notice),
    ...changes,
  };
}

/** Longer than a process of a loaded machine gets no turn, and no longer than a venue takes for a window. */
export const inTime = (): { expiresAt: Timestamp } => ({
  expiresAt: Timestamp.plus(clock.now(), 50_000 * millisecond),
});

let orders = 0;
export function anOrder(changes: Partial<OrderRequest> = {}): OrderRequest {
  orders += 1;
  return {
    clientOrderId: ClientOrderId.of(`scripted${orders}`),
    userId: UserId.of('contract'),
    botId: null,
    accountId: AccountId.of('contract'),
    mode: 'demo',
    instrumentId,
    side: 'buy',
    type: 'limit',
    price: Price.of('60000'),
    timeInForce: 'GTC',
    quantity: Quantity.of('0.001'),
    purpose: 'open',
    ...changes,
  };
}

/** The answer to a placement, for whatever was asked. */
export const placed = (
  params: Readonly<Record<string, string>>,
  changes: object = {},
): { status: number; body: object } => ({
  status: 200,
  body: { ...payload('order-resting'), clientOrderId: params['newClientOrderId'], ...changes },
});

/** An `executionReport`, with what a spec wants to be different. */
export const report = (name: 'new' | 'trade' | 'canceled', changes: object): object => ({
  ...payload(`execution-report-${name}`),
  ...changes,
});
