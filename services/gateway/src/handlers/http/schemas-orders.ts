import { type Result, Timestamp } from '@scalpstorm/kernel';
import {
  isSymbol,
  orderTypes,
  Price,
  purposes,
  Quantity,
  sides,
  type Trigger,
  timesInForce,
  trailingBps,
  triggerKinds,
  triggerSources,
} from '@scalpstorm/model';
import { z } from 'zod';
import type { NewOrder } from '../../domain/manual-order.js';
import { moment } from './schemas.js';

/** An exact decimal text above zero. */
const positive = <Units extends bigint>(parse: (text: string) => Result<Units, unknown>): z.ZodType<Units, string> =>
  z
    .string()
    .refine((text) => unitsOf(parse, text) !== null, {
      error: 'not a decimal text above 0',
      params: { allowed: 'a decimal text above 0 with at most 12 decimals, e.g. 0.001' },
    })
    .meta({ pattern: '^\\d+(\\.\\d+)?$' })
    .transform((text) => unitsOf(parse, text) as Units);

function unitsOf<Units extends bigint>(parse: (text: string) => Result<Units, unknown>, text: string): Units | null {
  const parsed = parse(text);
  return parsed.ok && parsed.value > 0n ? parsed.value : null;
}

export const positivePrice = positive(Price.parse);
export const positiveQuantity = positive(Quantity.parse);

export const triggerBody = z
  .strictObject({
    kind: z.enum(triggerKinds),
    source: z.enum(triggerSources).default('last'),
    price: positivePrice.optional(),
    distanceBps: z.number().int().min(trailingBps.min).max(trailingBps.max).optional(),
    activationPrice: positivePrice.optional(),
  })
  .refine(({ kind, price }) => (price === undefined) === (kind === 'trailing'), {
    path: ['price'],
    error: 'a stop and a take-profit have a price, and one that trails has none',
  })
  .refine(({ kind, distanceBps }) => (distanceBps === undefined) === (kind !== 'trailing'), {
    path: ['distanceBps'],
    error: 'one that trails has a distance, and the others have none',
  })
  .refine(({ kind, activationPrice }) => activationPrice === undefined || kind === 'trailing', {
    path: ['activationPrice'],
    error: 'only one that trails has an activation price',
  })
  .transform(triggerOf);

type TriggerBody = Pick<Trigger, 'kind' | 'source'> & {
  readonly price?: Price | undefined;
  readonly distanceBps?: number | undefined;
  readonly activationPrice?: Price | undefined;
};

function triggerOf({ kind, source, price: level, distanceBps, activationPrice }: TriggerBody): Trigger {
  if (kind === 'trailing')
    return { kind, source, distanceBps: distanceBps ?? trailingBps.min, activation: activationPrice ?? null };
  return { kind, source, price: level ?? Price.zero };
}

export const symbolText = z.string().refine(isSymbol, {
  error: 'not a symbol; write BASE-QUOTE in capitals, e.g. BTC-USDT',
  params: { allowed: 'a symbol of GET /v1/instruments, e.g. BTC-USDT' },
});

/** What can be ordered by hand. A limit order has a price and a market order has none, and both are said: a price that is forgotten must not sell at the market. */
export const newOrderBody: z.ZodType<NewOrder> = z
  .strictObject({
    account: z.string().min(1).max(60),
    symbol: symbolText,
    side: z.enum(sides),
    type: z.enum(orderTypes),
    quantity: positiveQuantity,
    price: positivePrice.optional(),
    timeInForce: z.enum(timesInForce).default('GTC'),
    purpose: z.enum(purposes).default('open'),
    trigger: triggerBody.optional(),
    expiresAt: moment.transform((text) => Timestamp.fromMillis(Date.parse(text))).optional(),
    displayQuantity: positiveQuantity.optional(),
  })
  .refine(({ type, price: limit }) => (limit === undefined) === (type === 'market'), {
    path: ['price'],
    error: 'a limit order has a price, and a market order has none',
  });

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);

/** The terms of an order as it is shown. Rows of before these fields do not have them. */
export const termsRow = {
  trigger: z
    .object({
      kind: z.enum(triggerKinds),
      source: z.enum(triggerSources),
      price: decimal.nullable(),
      distanceBps: z.number().int().nullable(),
      activationPrice: decimal.nullable(),
    })
    .nullish(),
  expiresAt: z.iso.datetime().nullish(),
  displayQuantity: decimal.nullish(),
};
