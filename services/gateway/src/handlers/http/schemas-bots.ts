import {
  BotId,
  type BotVerb,
  botVerbs,
  cycleExits,
  desiredStates,
  isSymbol,
  modes,
  observedStates,
} from '@scalpstorm/model';
import { z } from 'zod';
import { amount, botIdText, decimal, jsonObject, market, reason, time } from './schemas.js';

export const botParams: z.ZodType<{ readonly id: BotId }> = z.object({ id: botIdText });
export const botVerbParams: z.ZodType<{ readonly id: BotId; readonly verb: BotVerb }> = z.object({
  id: botIdText,
  verb: z.enum(botVerbs),
});
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
  .strictObject({
    name: botName.optional(),
    parameters: jsonObject.optional(),
    version: z.number().int().min(0).max(2_147_483_647).optional(),
  })
  .refine((patch) => patch.name !== undefined || patch.parameters !== undefined, {
    error: 'nothing to change; send name or parameters',
  });

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

/** A fee in neither base nor quote: what it was worth in quote, and by which price of which moment; null until one is known. */
const otherFee = z.object({
  fee: amount,
  value: amount.nullable(),
  // Rows of before prices were kept do not have it.
  priced: z.object({ price: decimal, at: time }).nullish(),
});

export const cycleRow = z.object({
  bot: z.string(),
  number: z.number().int().min(1),
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
  otherFees: z.array(otherFee).optional(),
  dust: decimal.optional(),
  exit: z.enum(cycleExits).optional(),
  startedAt: time,
  completedAt: time,
});

/** `entry` is a step, or the state from which steps go on; exact numbers in it are texts like `=100.5`. */
export const journalRow = z.object({ number: z.number().int(), entry: jsonObject });

export const strategyRow = z.object({ id: z.string(), title: z.string(), description: z.string(), schema: jsonObject });
