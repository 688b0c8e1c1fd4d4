import {
  type ActivityLevel,
  activityLevels,
  BotId,
  type BotVerb,
  botVerbs,
  ClientOrderId,
  cycleExits,
  desiredStates,
  isSymbol,
  type JsonObject,
  modes,
  observedStates,
  orderEventKinds,
  orderStatuses,
  orderTypes,
  purposes,
  sides,
  timesInForce,
} from '@scalpstorm/model';
import { z } from 'zod';
import { pageLimitDefault, pageLimitMax, sequenceOf } from '../../domain/cursor.js';
import { roles } from '../../domain/principal.js';
import { haltLevels, haltScopes } from '../../use-cases/emergency.js';

export const nothing = z.unknown().transform(() => ({}));

export const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
export const time = z.iso.datetime();
const amount = z.object({ amount: decimal, currency: z.string() });
const reason = z.object({ code: z.string(), text: z.string() });
export const market = { venue: z.string(), symbol: z.string() };
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

const limit = z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitDefault);
const after = z
  .string()
  .refine((text) => sequenceOf(text) !== null, { error: 'not a cursor; use nextCursor of the page before' })
  .transform((text) => sequenceOf(text))
  .optional();
const botIdText = z
  .string()
  .refine(BotId.is, { error: 'not a bot id' })
  .meta({ pattern: '^bot_[0-9a-z]{8}$' })
  .transform(BotId.of);
const botFilter = botIdText.optional();
const statusFilter = z.enum(['open', 'final']).optional();

export interface PageQuery {
  readonly limit: number;
  readonly after?: bigint | null | undefined;
}
export interface OfBot {
  readonly bot?: BotId | undefined;
}
export interface OfStatus {
  readonly status?: 'open' | 'final' | undefined;
}

const page = z.object({ limit, after });
const tradingPage = page.extend({ bot: botFilter });
export const pageQuery: z.ZodType<PageQuery> = page;
export const tradingQuery: z.ZodType<PageQuery & OfBot> = tradingPage;
export const botOrderQuery: z.ZodType<PageQuery & OfStatus> = page.extend({ status: statusFilter });
export const orderQuery: z.ZodType<PageQuery & OfBot & OfStatus> = tradingPage.extend({ status: statusFilter });
export const activityQuery: z.ZodType<PageQuery & OfBot & { readonly level?: ActivityLevel | undefined }> =
  tradingPage.extend({ level: z.enum(activityLevels).optional() });

export const botParams: z.ZodType<{ readonly id: BotId }> = z.object({ id: botIdText });
export const botVerbParams: z.ZodType<{ readonly id: BotId; readonly verb: BotVerb }> = z.object({
  id: botIdText,
  verb: z.enum(botVerbs),
});
export const orderParams: z.ZodType<{ readonly clientOrderId: ClientOrderId }> = z.object({
  clientOrderId: z
    .string()
    .refine(ClientOrderId.is)
    .meta({ pattern: '^[0-9A-Za-z]{1,20}$' })
    .transform(ClientOrderId.of),
});

const emailMax = 254;
export const email = z.email({ error: 'not an e-mail address' }).max(emailMax);
/** The upper bound keeps the work of hashing bounded; the rules themselves are the password policy's. */
const password = z.string().max(1_024);
export const credentials = z.object({ email, password });
export const setupBody = credentials.extend({ token: z.string().min(1).max(512) });
export const newUserBody = credentials.extend({ role: z.enum(roles) });
export const refreshBody = z.object({ refreshToken: z.string().min(1).max(512) });

const words = z.string().trim().max(500).default('');
const scope = z.enum(haltScopes).default('mine');
/** What an emergency asks for; everything may be missing, the body too: it must not fail for want of words. */
export const haltBody = z
  .object({ text: words, level: z.enum(haltLevels).default('halt'), scope })
  .nullish()
  .transform((body) => body ?? { text: '', level: 'halt' as const, scope: 'mine' as const });
export const releaseBody = z
  .object({ text: words, scope })
  .nullish()
  .transform((body) => body ?? { text: '', scope: 'mine' as const });
export const closeBody: z.ZodType<{ readonly bot: BotId }> = z.strictObject({ bot: botIdText });
export const strategyParams = z.object({ id: z.string().min(1).max(60) });

const botName = z.string().trim().min(1).max(60);
export const newBotBody = z.strictObject({
  name: botName,
  strategy: z.string().min(1).max(60),
  account: z.string().min(1).max(60),
  venue: z.string().min(1).max(30),
  symbol: z.string().refine(isSymbol, {
    error: 'not a symbol; write BASE-QUOTE in capitals, e.g. BTC-USDT',
    params: { allowed: 'a symbol of GET /v1/instruments, e.g. BTC-USDT' },
  }),
  mode: z.enum(modes),
  parameters: jsonObject,
});
export const botPatch = z
  .strictObject({ name: botName.optional(), parameters: jsonObject.optional() })
  .refine((patch) => patch.name !== undefined || patch.parameters !== undefined, {
    error: 'nothing to change; send name or parameters',
  });

export const listOf = <Row extends z.ZodType>(row: Row) =>
  z.object({ data: z.array(row).readonly(), hasMore: z.boolean(), nextCursor: z.string().nullable() });

export const botRow = z.object({
  id: z.string(),
  name: z.string(),
  strategy: z.string(),
  account: z.string(),
  ...market,
  mode: z.enum(modes),
  desired: z.enum(desiredStates),
  observed: z.enum(observedStates),
  reason,
  since: time,
  cycles: z.number().int(),
  fills: z.number().int(),
  pnl: decimal,
  fees: decimal,
  held: decimal,
  currency: z.string(),
  parameters: jsonObject,
  version: z.number().int(),
  createdAt: time,
});

const warning = z.object({ code: z.string(), field: z.string(), text: z.string(), next: z.string() });
/** Of a bot that was created or edited: what is allowed, but probably not meant. */
export const warnedBotRow = botRow.extend({ warnings: z.array(warning).readonly() });

export const orderRow = z.object({
  clientOrderId: z.string(),
  bot: z.string().nullable(),
  account: z.string(),
  ...market,
  mode: z.enum(modes),
  side: z.enum(sides),
  type: z.enum(orderTypes),
  timeInForce: z.enum(timesInForce),
  purpose: z.enum(purposes),
  quantity: decimal,
  price: decimal.nullable(),
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

export const cycleRow = z.object({
  bot: z.string(),
  number: z.number().int(),
  ...market,
  mode: z.enum(modes),
  quantity: decimal,
  buyPrice: decimal,
  sellPrice: decimal,
  gross: decimal,
  fees: decimal,
  net: decimal,
  currency: z.string(),
  // Rows of before these fields do not have them.
  buyQuantity: decimal.optional(),
  sellQuantity: decimal.optional(),
  feesPaid: z.array(amount).optional(),
  otherFees: z.array(z.object({ fee: amount, value: amount.nullable() })).optional(),
  dust: decimal.optional(),
  exit: z.enum(cycleExits).optional(),
  startedAt: time,
  completedAt: time,
});

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
export const instrumentRow = z.object({
  id: z.string(),
  ...market,
  base: z.string(),
  quote: z.string(),
  status: z.enum(['trading', 'halted']),
  tickSize: decimal,
  priceMin: decimal,
  priceMax: decimal,
  stepSize: decimal,
  quantityMin: decimal,
  quantityMax: decimal,
  notionalMin: decimal,
  makerFeeRate: decimal,
  takerFeeRate: decimal,
  lastPrice: decimal.nullable(),
});
export const strategyRow = z.object({ id: z.string(), title: z.string(), description: z.string(), schema: jsonObject });
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
  differences: z.array(differenceRow).readonly(),
});
export const tradingStateReply = z.object({
  state: z.enum(['active', 'halted']),
  text: z.string(),
  since: time.nullable(),
});

export const haltReply = tradingStateReply.extend({
  level: z.enum(haltLevels),
  scope: z.enum(haltScopes),
  bots: z
    .array(z.object({ bot: z.string(), verb: z.enum(botVerbs), code: z.string().nullable(), text: z.string() }))
    .readonly(),
  ordersCanceled: z.number().int(),
});

export const userReply = z.object({ id: z.string(), email: z.string(), role: z.enum(roles) });
export const sessionReply = z.object({ accessToken: z.string(), refreshToken: z.string(), expiresAt: time });
export const setupReply = sessionReply.extend({ user: userReply });
export const setupState = z.object({ needed: z.boolean() });
export const noReply = z.null();
