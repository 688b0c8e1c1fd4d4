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

/** Impatient, so that a spec need not wait for what happens after seconds. */
export function impatient(venue: ScriptedVenue, notices: VenueNotice[]): BinanceOptions {
  return {
    venue: VenueId.of('sim'),
    addresses: venue.addresses,
    clock,
    rng: seededRng(1),
    requestTimeout: 400 * millisecond,
    budgetWaitMax: 0,
    backoff: { first: 5 * millisecond, most: 50 * millisecond },
    silenceMax: 300 * millisecond,
    onNotice: (notice) => notices.push(notice),
  };
}

export const inFiveSeconds = (): { expiresAt: Timestamp } => ({
  expiresAt: Timestamp.plus(clock.now(), 5_000 * millisecond),
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
