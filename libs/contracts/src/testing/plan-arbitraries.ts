import {
  orderTypes,
  PlanId,
  type PlanTerms,
  planLegs,
  planStatuses,
  purposes,
  timesInForce,
  triggerSources,
} from '@scalpstorm/model';
import fc from 'fast-check';
import { type OrderPlan, type OrderPlanRequest, planOrderStates } from '../order-plans.js';
import { trigger } from './order-arbitraries.js';
import {
  accountId,
  clientOrderId,
  count,
  few,
  instrumentId,
  mode,
  orNull,
  price,
  quantity,
  reason,
  side,
  timestamp,
  userId,
  words,
} from './value-arbitraries.js';

export const planId = fc.stringMatching(/^plan_[0-9a-z]{12}$/).map(PlanId.of);
const sequence = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
const type = fc.constantFrom(...orderTypes);
const purpose = fc.constantFrom(...purposes);
const stop = fc.record({ trigger, price: orNull(price) });
const target = fc.record({ price, source: fc.constantFrom(...triggerSources), type });
const entry = fc.record({
  type,
  price: orNull(price),
  timeInForce: fc.constantFrom(...timesInForce),
  trigger: orNull(trigger),
});
const size = { side, quantity };

const planTerms: fc.Arbitrary<PlanTerms> = fc.oneof(
  fc.record({ ...size, kind: fc.constant('oco'), purpose, stop, target }),
  fc.record({ ...size, kind: fc.constant('bracket'), entry, stop, target: orNull(target) }),
  fc.record({
    ...size,
    kind: fc.constant('twap'),
    purpose,
    slices: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    intervalSeconds: count,
    price: orNull(price),
  }),
  fc.record({ ...size, kind: fc.constant('iceberg'), purpose, price, show: quantity }),
  fc.record({ ...size, kind: fc.constant('flatten'), purpose: fc.constant('close') }),
);

export const orderPlan: fc.Arbitrary<OrderPlan> = fc.record({
  id: planId,
  sequence,
  userId,
  accountId,
  mode,
  instrumentId,
  terms: planTerms,
  status: fc.constantFrom(...planStatuses),
  reason: orNull(reason),
  orders: few(
    fc.record({
      clientOrderId,
      leg: fc.constantFrom(...planLegs),
      quantity,
      filledQuantity: quantity,
      state: fc.constantFrom(...planOrderStates),
      code: orNull(words),
    }),
  ),
  createdAt: timestamp,
  updatedAt: timestamp,
});

export const orderPlanRequest: fc.Arbitrary<OrderPlanRequest> = fc.oneof(
  fc.record({ userId, kind: fc.constant('create'), planId, accountId, instrumentId, terms: planTerms }),
  fc.record({
    userId,
    kind: fc.constant('list'),
    open: orNull(fc.boolean()),
    before: orNull(sequence),
    limit: fc.integer({ min: 1, max: 501 }),
  }),
  fc.record({ userId, kind: fc.constantFrom('get', 'cancel'), planId }),
);
