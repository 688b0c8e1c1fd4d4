import { BotId, type JsonObject } from '@scalpstorm/model';
import { z } from 'zod';
import { pageLimitDefault, pageLimitMax, sequenceOf } from '../../domain/cursor.js';

export const nothing = z.unknown().transform(() => ({}));
/** Nobody reads anything behind the question mark. */
export const noQuery = z.strictObject({});
/** Of a command that is said by its path alone: no body, or an empty object. */
export const noBody = z
  .strictObject({})
  .nullish()
  .transform(() => ({}));

export const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
export const time = z.iso.datetime();
/** Far beyond anything that is planned, and well within what a timestamp can say. */
const momentsEnd = Date.UTC(2200, 0, 1);
/** A moment that a user names, in any zone. */
export const moment = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) >= 0 && Date.parse(text) < momentsEnd, {
    error: 'not between 1970 and 2200',
    params: { allowed: 'a time of RFC 3339 between 1970 and 2200, e.g. 2026-12-01T00:00:00Z' },
  });
export const amount = z.object({ amount: decimal, currency: z.string() });
export const reason = z.object({ code: z.string(), text: z.string() });
export const market = { venue: z.string(), symbol: z.string() };
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

const limit = z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitDefault);
const after = z
  .string()
  .refine((text) => sequenceOf(text) !== null, { error: 'not a cursor; use nextCursor of the page before' })
  .transform((text) => sequenceOf(text))
  .optional();
export const botIdText: z.ZodType<BotId> = z
  .string()
  .refine(BotId.is, { error: 'not a bot id' })
  .meta({ pattern: '^bot_[0-9a-z]{8}$' })
  .transform(BotId.of);
export interface PageQuery {
  readonly limit: number;
  readonly after?: bigint | null | undefined;
}
/** What is mistyped must not be ignored: a filter that nobody reads would show everything. */
export const page = z.strictObject({ limit, after });
export const pageQuery: z.ZodType<PageQuery> = page;
export const listOf = <Row extends z.ZodType>(row: Row) =>
  z.object({ data: z.array(row).readonly(), hasMore: z.boolean(), nextCursor: z.string().nullable() });

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
  marketQuantityMax: decimal,
  notionalMin: decimal,
  makerFeeRate: decimal,
  takerFeeRate: decimal,
  lastPrice: decimal.nullable(),
});
export const noReply = z.null();
