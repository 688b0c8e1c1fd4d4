import {
  type CancelReason,
  cancelReasons,
  type Fill,
  type Order,
  type OrderEvent,
  type OrderRequest,
  type OrderTerms,
  orderStatuses,
  purposes,
  type Trigger,
  timesInForce,
  triggerSources,
} from '@scalpstorm/model';
import fc from 'fast-check';
import type { Denial } from '../index.js';
import {
  accountId,
  botId,
  clientOrderId,
  count,
  few,
  instrumentId,
  mode,
  money,
  orNull,
  price,
  quantity,
  reason,
  side,
  text,
  timestamp,
  tradeId,
  userId,
  venueOrderId,
  words,
} from './value-arbitraries.js';

const source = fc.constantFrom(...triggerSources);
export const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  fc.record({ kind: fc.constantFrom('stop', 'take-profit'), price, source }),
  fc.record({ kind: fc.constant('trailing'), distanceBps: count, activation: orNull(price), source }),
);
/** Most have none. */
const terms: fc.Arbitrary<OrderTerms> = fc.record(
  { trigger, expiresAt: timestamp, displayQuantity: quantity },
  { requiredKeys: [] },
);

const usualTerms: fc.Arbitrary<OrderRequest> = fc
  .record({
    clientOrderId,
    userId,
    botId: orNull(botId),
    accountId,
    mode,
    instrumentId,
    side,
    quantity,
    limit: orNull(price),
    timeInForce: fc.constantFrom(...timesInForce),
    purpose: fc.constantFrom(...purposes),
  })
  .map(({ limit, ...rest }) => ({ ...rest, type: limit === null ? 'market' : 'limit', price: limit }));
export const orderRequest: fc.Arbitrary<OrderRequest> = fc.oneof(
  usualTerms,
  fc.tuple(usualTerms, terms).map(([usual, more]) => ({ ...usual, ...more })),
);
const fill: fc.Arbitrary<Fill> = fc.record({
  tradeId,
  clientOrderId,
  venueOrderId,
  instrumentId,
  side,
  price,
  quantity,
  fee: money,
  liquidity: fc.constantFrom('maker', 'taker'),
  occurredAt: timestamp,
});
export const cancelReason: fc.Arbitrary<CancelReason> = fc.constantFrom(...cancelReasons);
export const order: fc.Arbitrary<Order> = fc.record({
  request: orderRequest,
  status: fc.constantFrom(...orderStatuses),
  statusBefore: orNull(fc.constantFrom(...orderStatuses)),
  venueOrderId: orNull(venueOrderId),
  filledQuantity: quantity,
  filledNotional: money,
  fees: few(money),
  cancelReason: orNull(cancelReason),
  reason: orNull(reason),
  version: count,
  createdAt: timestamp,
  updatedAt: timestamp,
});
export const orderEvent: fc.Arbitrary<OrderEvent> = fc.oneof(
  fc.record({
    kind: fc.constantFrom(
      'denied',
      'rejected',
      'outcome-unknown',
      'cancel-rejected',
      'end-held',
      'canceled',
      'expired',
    ),
    reason,
  }),
  fc.record({ kind: fc.constantFrom('emulated', 'released', 'submitted', 'triggered') }),
  fc.record({ kind: fc.constant('sending'), attempt: count, expiresAt: timestamp }),
  fc.record({ kind: fc.constant('accepted'), venueOrderId }),
  fc.record({ kind: fc.constant('filled'), fill }),
  fc.record({ kind: fc.constant('cancel-requested'), cancelReason }),
);
export const denial: fc.Arbitrary<Denial> = fc.record(
  { code: words, text, limit: text, value: text, next: text, field: fc.constantFrom('/price', '/quantity') },
  { requiredKeys: ['code', 'text', 'limit', 'value', 'next'] },
);
