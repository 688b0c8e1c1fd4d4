import { planOrderStates } from '@scalpstorm/contracts';
import {
  modes,
  orderTypes,
  PlanId,
  type PlanTerms,
  planKinds,
  planLegs,
  planStatuses,
  purposes,
  sides,
  timesInForce,
  triggerSources,
  twapBounds,
} from '@scalpstorm/model';
import { z } from 'zod';
import type { NewPlan } from '../../domain/order-plan.js';
import { decimal, market, type PageQuery, page, reason, time } from './schemas.js';
import { positivePrice, positiveQuantity, symbolText, termsRow, triggerBody } from './schemas-orders.js';

const stopBody = z
  .strictObject({ trigger: triggerBody, price: positivePrice.optional() })
  .transform(({ trigger, price }) => ({ trigger, price: price ?? null }));
const targetBody = z.strictObject({
  price: positivePrice,
  source: z.enum(triggerSources).default('last'),
  type: z.enum(orderTypes).default('limit'),
});
const entryBody = z
  .strictObject({
    type: z.enum(orderTypes),
    price: positivePrice.optional(),
    timeInForce: z.enum(timesInForce).default('GTC'),
    trigger: triggerBody.optional(),
  })
  .refine(({ type, price }) => (price === undefined) === (type === 'market'), {
    path: ['price'],
    error: 'a limit order has a price, and a market order has none',
  })
  .transform(({ price, trigger, ...entry }) => ({ ...entry, price: price ?? null, trigger: trigger ?? null }));

const whose = {
  account: z.string().min(1).max(60),
  symbol: symbolText,
  side: z.enum(sides),
  quantity: positiveQuantity,
};

const { slicesMin, slicesMax, intervalSecondsMin, intervalSecondsMax } = twapBounds;

/** What can be planned. Whether it fits the market, and itself, is for execution to say. */
export const newPlanBody: z.ZodType<NewPlan> = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({
        ...whose,
        kind: z.literal('oco'),
        purpose: z.enum(purposes).default('close'),
        stop: stopBody,
        target: targetBody,
      }),
      z.strictObject({
        ...whose,
        kind: z.literal('bracket'),
        entry: entryBody,
        stop: stopBody,
        target: targetBody.optional(),
      }),
      z.strictObject({
        ...whose,
        kind: z.literal('twap'),
        purpose: z.enum(purposes).default('open'),
        slices: z.number().int().min(slicesMin).max(slicesMax),
        intervalSeconds: z.number().int().min(intervalSecondsMin).max(intervalSecondsMax),
        price: positivePrice.optional(),
      }),
      z.strictObject({
        ...whose,
        kind: z.literal('iceberg'),
        purpose: z.enum(purposes).default('open'),
        price: positivePrice,
        show: positiveQuantity,
      }),
    ],
    { error: `not a kind of plan; choose one of ${planKinds.filter((kind) => kind !== 'flatten').join(', ')}` },
  )
  .transform(({ account, symbol, ...terms }): NewPlan => ({ account, symbol, terms: termsOf(terms) }));

type Wished = Exclude<PlanTerms, { kind: 'bracket' | 'twap' | 'flatten' }> | LooseBracket | LooseTwap;
type LooseBracket = Omit<Extract<PlanTerms, { kind: 'bracket' }>, 'target'> & {
  readonly target?: Extract<PlanTerms, { kind: 'bracket' }>['target'] | undefined;
};
type LooseTwap = Omit<Extract<PlanTerms, { kind: 'twap' }>, 'price'> & {
  readonly price?: Extract<PlanTerms, { kind: 'twap' }>['price'] | undefined;
};

function termsOf(terms: Wished): PlanTerms {
  if (terms.kind === 'bracket') return { ...terms, target: terms.target ?? null };
  if (terms.kind === 'twap') return { ...terms, price: terms.price ?? null };
  return terms;
}

export const planParams: z.ZodType<{ readonly plan: PlanId }> = z.object({
  plan: z
    .string()
    .refine(PlanId.is, { error: 'not a plan id' })
    .meta({ pattern: '^plan_[0-9a-z]{12}$' })
    .transform(PlanId.of),
});

export const planQuery: z.ZodType<PageQuery & { readonly status?: 'open' | 'final' | undefined }> = page.extend({
  status: z.enum(['open', 'final']).optional(),
});

const { trigger } = termsRow;

/** A plan as it is shown: a field that its kind does not have is null. */
export const planRow = z.object({
  id: z.string(),
  account: z.string(),
  mode: z.enum(modes),
  ...market,
  kind: z.enum(planKinds),
  side: z.enum(sides),
  quantity: decimal,
  purpose: z.enum(purposes).nullable(),
  entry: z
    .object({ type: z.enum(orderTypes), price: decimal.nullable(), timeInForce: z.enum(timesInForce), trigger })
    .nullable(),
  stop: z.object({ trigger, price: decimal.nullable() }).nullable(),
  target: z.object({ price: decimal, source: z.enum(triggerSources), type: z.enum(orderTypes) }).nullable(),
  slices: z.number().int().nullable(),
  intervalSeconds: z.number().int().nullable(),
  price: decimal.nullable(),
  show: decimal.nullable(),
  status: z.enum(planStatuses),
  final: z.boolean(),
  reason: reason.nullable(),
  orders: z
    .array(
      z.object({
        clientOrderId: z.string(),
        leg: z.enum(planLegs),
        quantity: decimal,
        filledQuantity: decimal,
        state: z.enum(planOrderStates),
        code: z.string().nullable(),
      }),
    )
    .readonly(),
  createdAt: time,
  updatedAt: time,
});
