import { Price, Quantity } from '@scalpstorm/model';
import fc from 'fast-check';
import {
  accountStateKinds,
  type ExternalOrder,
  externalDecisions,
  type ReconciliationRequest,
  type ReconciliationStanding,
  venueCircuits,
} from '../reconciliations.js';
import { difference } from './account-arbitraries.js';
import {
  accountId,
  few,
  instrumentId,
  orNull,
  side,
  text,
  timestamp,
  userId,
  venueOrderId,
} from './value-arbitraries.js';

const rowId = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
const units = fc.bigInt({ min: 1n, max: 10n ** 24n });
const ofAccounts = { userId, accountIds: fc.array(accountId, { minLength: 1, maxLength: 3 }) };
const rows = { before: orNull(rowId), limit: fc.integer({ min: 1, max: 501 }) };

export const reconciliationRequest: fc.Arbitrary<ReconciliationRequest> = fc.oneof(
  fc.record({ ...ofAccounts, kind: fc.constantFrom('states' as const, 'compare' as const) }),
  fc.record({ ...ofAccounts, ...rows, kind: fc.constantFrom('differences' as const, 'external-orders' as const) }),
  fc.record({
    ...ofAccounts,
    kind: fc.constant('decide' as const),
    externalOrderId: rowId,
    decision: fc.constantFrom(...externalDecisions),
  }),
);

const externalOrder: fc.Arbitrary<ExternalOrder> = fc.record({
  id: rowId,
  accountId,
  instrumentId,
  venueOrderId,
  clientOrderId: text,
  side,
  quantity: units.map(Quantity.fromUnits),
  filledQuantity: units.map(Quantity.fromUnits),
  price: orNull(units.map(Price.fromUnits)),
  working: fc.boolean(),
  seenAt: timestamp,
  decision: orNull(fc.record({ kind: fc.constantFrom(...externalDecisions), by: userId, at: timestamp })),
  outcome: text,
});

export const reconciliationStanding: fc.Arbitrary<ReconciliationStanding> = fc.record({
  states: few(
    fc.record({
      accountId,
      kind: fc.constantFrom(...accountStateKinds),
      code: text,
      text,
      circuit: fc.constantFrom(...venueCircuits),
    }),
  ),
  differences: few(difference),
  history: few(
    fc.record({
      id: rowId,
      foundAt: timestamp,
      trigger: fc.constantFrom('start' as const, 'reconnect' as const, 'timer' as const, 'request' as const),
      difference,
    }),
  ),
  externalOrders: few(externalOrder),
});
