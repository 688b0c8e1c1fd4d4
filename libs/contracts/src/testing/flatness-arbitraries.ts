import { Quantity } from '@scalpstorm/model';
import fc from 'fast-check';
import type { Flatness, FlatRequest } from '../flatness.js';
import { planId } from './plan-arbitraries.js';
import { riskScope } from './risk-arbitraries.js';
import { accountId, botId, few, instrumentId, orNull, side, text } from './value-arbitraries.js';

const units = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }).map(Quantity.fromUnits);

export const flatRequest: fc.Arbitrary<FlatRequest> = fc.record({
  accountIds: few(accountId),
  botId: orNull(botId),
  scopes: few(riskScope),
});

const remaining = { botId: orNull(botId), planId: orNull(planId), code: text, text };

export const flatness: fc.Arbitrary<Flatness> = fc.record({
  accounts: few(
    fc.record({
      accountId,
      code: text,
      text,
      orders: few(
        fc.record({
          ...{ instrumentId, clientOrderId: text, side, quantity: units },
          ...remaining,
          ours: fc.boolean(),
        }),
      ),
      positions: few(fc.record({ instrumentId, ...remaining, quantity: units })),
    }),
  ),
  halted: fc.boolean(),
});
