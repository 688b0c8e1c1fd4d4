import {
  type ActivityLevel,
  activityLevels,
  BotId,
  ClientOrderId,
  modes,
  orderEventKinds,
  orderStatuses,
  orderTypes,
  purposes,
  sides,
  timesInForce,
} from '@scalpstorm/model';
import { z } from 'zod';
import { amount, botIdText, decimal, jsonObject, market, type PageQuery, page, reason, time } from './schemas.js';
import { termsRow } from './schemas-orders.js';

const botFilter = botIdText.optional();
const statusFilter = z.enum(['open', 'final']).optional();

export interface OfBot {
  readonly bot?: BotId | undefined;
}
export interface OfStatus {
  readonly status?: 'open' | 'final' | undefined;
}

const tradingPage = page.extend({ bot: botFilter });
export const tradingQuery: z.ZodType<PageQuery & OfBot> = tradingPage;
export const botOrderQuery: z.ZodType<PageQuery & OfStatus> = page.extend({ status: statusFilter });
export const orderQuery: z.ZodType<PageQuery & OfBot & OfStatus> = tradingPage.extend({ status: statusFilter });
export const activityQuery: z.ZodType<PageQuery & OfBot & { readonly level?: ActivityLevel | undefined }> =
  tradingPage.extend({ level: z.enum(activityLevels).optional() });

export const orderParams: z.ZodType<{ readonly clientOrderId: ClientOrderId }> = z.object({
  clientOrderId: z
    .string()
    .refine(ClientOrderId.is)
    .meta({ pattern: '^[0-9A-Za-z]{1,20}$' })
    .transform(ClientOrderId.of),
});

export const closeBody: z.ZodType<{ readonly bot: BotId }> = z.strictObject({ bot: botIdText });
export const orderRow = z.object({
  clientOrderId: z.string(),
  bot: z.string().nullable(),
  /** Rows of before plans do not have it. */
  plan: z.string().nullish(),
  account: z.string(),
  ...market,
  mode: z.enum(modes),
  side: z.enum(sides),
  type: z.enum(orderTypes),
  timeInForce: z.enum(timesInForce),
  purpose: z.enum(purposes),
  quantity: decimal,
  price: decimal.nullable(),
  ...termsRow,
  status: z.enum(orderStatuses),
  final: z.boolean(),
  filledQuantity: decimal,
  averagePrice: decimal.nullable(),
  fees: z.array(amount).readonly(),
  venueOrderId: z.string().nullable(),
  cancelReason: z.string().nullable(),
  reason: reason.nullable(),
  denial: reason.extend({ limit: z.string(), value: z.string(), next: z.string() }).nullable(),
  version: z.number().int(),
  createdAt: time,
  updatedAt: time,
});

export const fillRow = z.object({
  tradeId: z.string(),
  clientOrderId: z.string(),
  bot: z.string().nullable(),
  account: z.string(),
  ...market,
  mode: z.enum(modes),
  side: z.enum(sides),
  price: decimal,
  quantity: decimal,
  fee: amount,
  liquidity: z.enum(['maker', 'taker']),
  occurredAt: time,
});

export const orderEventRow = z.object({
  version: z.number().int(),
  kind: z.enum(orderEventKinds),
  at: time,
  reason: reason.nullable(),
  cancelReason: z.string().nullable(),
  price: decimal.nullable(),
  quantity: decimal.nullable(),
});
export const orderWithEvents = orderRow.extend({ events: z.array(orderEventRow).readonly() });

export const activityRow = z.object({
  id: z.string(),
  at: time,
  level: z.enum(activityLevels),
  code: z.string(),
  text: z.string(),
  bot: z.string().nullable(),
  data: jsonObject,
});

export const accountRow = z.object({ id: z.string(), venue: z.string(), mode: z.enum(modes), label: z.string() });
export const balanceRow = z.object({
  account: z.string(),
  mode: z.enum(modes),
  currency: z.string(),
  free: decimal,
  locked: decimal,
  total: decimal,
});
export const positionRow = z.object({
  account: z.string(),
  mode: z.enum(modes),
  bot: z.string().nullable(),
  ...market,
  quantity: decimal,
  cash: decimal,
  currency: z.string(),
  fees: z.array(amount).readonly(),
  fills: z.number().int(),
  updatedAt: time,
});
export const differenceRow = z.object({
  kind: z.enum(['order', 'fill', 'balance', 'position']),
  account: z.string(),
  subject: z.string(),
  ours: z.string(),
  theirs: z.string(),
  decision: z.string(),
  repaired: z.boolean(),
});
export const reconciliationReply = z.object({
  reconciled: z.boolean(),
  at: time.nullable(),
  differences: z.array(differenceRow).readonly(),
});
