import { accountStateKinds, externalDecisions, venueCircuits } from '@scalpstorm/contracts';
import { AccountId, sides } from '@scalpstorm/model';
import { z } from 'zod';
import { decimal, market, type PageQuery, page, time } from './schemas.js';
import { differenceRow } from './schemas-trading.js';

const accountText: z.ZodType<AccountId> = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/)
  .transform(AccountId.of);

export const reconciliationQuery: z.ZodType<PageQuery & { readonly account?: AccountId | undefined }> = page.extend({
  account: accountText.optional(),
});

export const externalOrderParams: z.ZodType<{ readonly id: string }> = z.object({
  id: z.string().regex(/^[1-9]\d{0,17}$/),
});
export const decisionBody = z.strictObject({ decision: z.enum(externalDecisions) });

export const accountStateRow = z.object({
  account: z.string(),
  state: z.enum(accountStateKinds),
  code: z.string(),
  text: z.string(),
  circuit: z.enum(venueCircuits),
});
export const differenceRecordRow = differenceRow.extend({
  id: z.string(),
  at: time,
  trigger: z.enum(['start', 'reconnect', 'timer', 'request']),
});
export const externalOrderRow = z.object({
  id: z.string(),
  account: z.string(),
  ...market,
  venueOrderId: z.string(),
  clientOrderId: z.string(),
  side: z.enum(sides),
  quantity: decimal,
  filledQuantity: decimal,
  price: decimal.nullable(),
  working: z.boolean(),
  seenAt: time,
  decision: z.enum(externalDecisions).nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: time.nullable(),
  outcome: z.string(),
});
