import { botVerbs, haltLevels, RiskScope, tradingStates } from '@scalpstorm/model';
import { z } from 'zod';
import type { HaltScope } from '../../use-cases/emergency.js';
import { decimal, listOf, time } from './schemas.js';

const words = z.string().trim().max(500).default('');
const mine: HaltScope = 'mine';
const scopeWords =
  'platform, or one of venue:, instrument:, user:, account: and bot: with an id, such as bot:bot_00000001';
const readHaltScope = (text: string): HaltScope | null =>
  text === 'mine' || text === 'own' ? mine : RiskScope.parse(text);
/** `own` is taken for `mine`: nobody in a hurry is refused for a word. */
const scope = z
  .string()
  .max(140)
  .refine((text) => readHaltScope(text) !== null, { error: `not a scope: mine, ${scopeWords}` })
  .transform((text): HaltScope => readHaltScope(text) ?? mine)
  .default(mine);
/** What an emergency asks for; everything may be missing, the body too: it must not fail for want of words. */
export const haltBody = z
  .strictObject({ text: words, level: z.enum(haltLevels).default('halt'), scope })
  .nullish()
  .transform((body) => body ?? { text: '', level: 'halt' as const, scope: mine });
/** Repeats the scope of what is everybody's, so that nobody releases it by mistake. */
const confirmWords = z.string().max(140).optional();
export const releaseBody = z
  .strictObject({ text: words, scope, confirm: confirmWords })
  .nullish()
  .transform((body) => body ?? { text: '', scope: mine, confirm: undefined });
export const tradingStateReply = z.object({
  state: z.enum(tradingStates),
  text: z.string(),
  since: time.nullable(),
});

const scopeText: z.ZodType<RiskScope> = z
  .string()
  .max(140)
  .refine((text) => RiskScope.parse(text) !== null, {
    error: `not a scope: ${scopeWords}`,
  })
  .transform((text) => RiskScope.parse(text) ?? RiskScope.platform);
/** Nothing is taken for granted: a word that is meant for one must not meet everybody. */
export const riskStateBody = z.strictObject({
  ...{ scope: scopeText, state: z.enum(tradingStates), text: words },
  confirm: confirmWords,
});
export const scopeStateRow = tradingStateReply.extend({
  scope: z.string(),
  by: z.string(),
  operator: z.boolean(),
});

export interface LimitsQuery {
  readonly scope?: RiskScope | undefined;
}
export const limitsQuery: z.ZodType<LimitsQuery> = z.strictObject({ scope: scopeText.optional() });
export const riskLimitsPatch = z
  .strictObject({
    scope: scopeText,
    limits: z.record(z.string().max(64), z.string().max(40).nullable()),
    version: z.number().int().min(0).max(2_147_483_647).optional(),
    text: words,
  })
  .refine(({ limits }) => Object.keys(limits).length > 0, {
    path: ['limits'],
    error: 'nothing to change; send a limit by the name that GET /v1/risk/limits shows',
  });
export const riskLimitRow = z.object({
  name: z.string(),
  value: decimal,
  unit: z.string(),
  source: z.string().nullable(),
  own: decimal.nullable(),
});
export const riskLimitList = listOf(riskLimitRow).extend({ version: z.number().int() });

/** What a halt did beside the gate; also of a halt that the gate did not confirm, as members of the problem. */
export const sweptMembers = {
  bots: z
    .array(z.object({ bot: z.string(), verb: z.enum(botVerbs), code: z.string().nullable(), text: z.string() }))
    .readonly(),
  ordersCanceled: z.number().int(),
  remaining: z.object({
    bots: z.number().int(),
    orders: z.number().int(),
    positions: z.number().int(),
    complete: z.boolean(),
    items: z
      .array(
        z.object({
          kind: z.enum(['bot', 'order', 'position']),
          id: z.string(),
          bot: z.string().nullable(),
          code: z.string(),
          text: z.string(),
          next: z.string(),
        }),
      )
      .readonly(),
  }),
};
const deadManSeconds = { min: 10, max: 86_400 };
/** Nothing is taken for granted but the level: what runs out must meet whom it is meant for. */
export const deadManBody = z.strictObject({
  scope,
  seconds: z.number().int().min(deadManSeconds.min).max(deadManSeconds.max),
  level: z.enum(haltLevels).default('cancel'),
});
export const deadManQuery = z.strictObject({ scope });
export const deadManRow = z.object({
  scope: z.string(),
  level: z.enum(haltLevels),
  seconds: z.number().int(),
  expiresAt: time,
  by: z.string(),
});
export const armedDeadManRow = deadManRow.extend({ renewed: z.boolean() });
export const deadManList = listOf(deadManRow);
export const haltProofQuery = z.strictObject({ scope });
const whyOpen = {
  plan: z.string().nullable(),
  reason: z.string(),
  nextStep: z.string(),
};
const proofPosition = z.object({
  account: z.string(),
  instrument: z.string(),
  quantity: decimal,
  bot: z.string().nullable(),
  ...whyOpen,
});
export const haltProofReply = z.object({
  scope: z.string(),
  flat: z.boolean().nullable(),
  checkedAt: time,
  halted: z.boolean(),
  openOrders: z.number().int(),
  orders: z
    .array(
      z.object({
        account: z.string(),
        instrument: z.string(),
        clientOrderId: z.string(),
        side: z.string(),
        quantity: decimal,
        bot: z.string().nullable(),
        ...whyOpen,
        ours: z.boolean(),
      }),
    )
    .readonly(),
  positions: z.array(proofPosition).readonly(),
  dust: z.array(proofPosition).readonly(),
  unproven: z.array(z.object({ account: z.string(), reason: z.string(), nextStep: z.string() })).readonly(),
});
export const haltReply = tradingStateReply.extend({
  level: z.enum(haltLevels),
  scope: z.string(),
  ...sweptMembers,
});
