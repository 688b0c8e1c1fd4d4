import {
  type Activity,
  activityLevels,
  type Bot,
  type BotConfig,
  botVerbs,
  type Cycle,
  cycleExits,
  desiredStates,
  observedStates,
} from '@scalpstorm/model';
import fc from 'fast-check';
import type { BotCommand, JournalRequest } from '../index.js';
import {
  accountId,
  answerOf,
  asked,
  botId,
  count,
  few,
  instrumentId,
  json,
  mode,
  money,
  orNull,
  price,
  quantity,
  reason,
  signedQuantity,
  text,
  timestamp,
  userId,
  words,
} from './value-arbitraries.js';

const botConfig: fc.Arbitrary<BotConfig> = fc.record({
  name: text,
  strategy: words,
  accountId,
  mode,
  instrumentId,
  parameters: json,
});
export const bot: fc.Arbitrary<Bot> = fc.record({
  id: botId,
  userId,
  config: botConfig,
  desired: fc.constantFrom(...desiredStates),
  observed: fc.constantFrom(...observedStates),
  reason,
  since: timestamp,
  totals: fc.record({ cycles: count, fills: count, pnl: money, fees: money, held: signedQuantity }),
  version: count,
  createdAt: timestamp,
});
export const cycle: fc.Arbitrary<Cycle> = fc.record({
  botId,
  number: count,
  instrumentId,
  mode,
  quantity,
  buyPrice: price,
  sellPrice: price,
  gross: money,
  fees: money,
  net: money,
  startedAt: timestamp,
  completedAt: timestamp,
  buyQuantity: quantity,
  sellQuantity: quantity,
  feesPaid: few(money),
  otherFees: few(fc.record({ fee: money, value: orNull(money), priced: orNull(fc.record({ price, at: timestamp })) })),
  dust: signedQuantity,
  exit: fc.constantFrom(...cycleExits),
});
export const botCommand: fc.Arbitrary<BotCommand> = fc.oneof(
  fc.record({ kind: fc.constant('create'), ...asked, config: botConfig }),
  fc.record({ kind: fc.constant('create'), ...asked, until: timestamp, config: botConfig }),
  fc.record({ kind: fc.constant('edit'), ...asked, botId, name: orNull(text), parameters: json }),
  fc.record({
    ...{ kind: fc.constant('edit'), ...asked, botId, name: orNull(text), parameters: json },
    ...{ merge: fc.constant(true), expectedVersion: fc.nat() },
  }),
  fc.record({ kind: fc.constant('delete'), ...asked, botId }),
  fc.record({ kind: fc.constant('verb'), ...asked, botId, verb: fc.constantFrom(...botVerbs) }),
);
export const strategies = few(fc.record({ id: words, title: words, description: text, schema: json }));

export const journalRequest: fc.Arbitrary<JournalRequest> = fc.record({
  userId,
  botId,
  after: fc.nat(),
  limit: fc.nat(),
});
export const journalPage = fc.record({
  rows: few(fc.record({ number: fc.nat(), entry: words })),
  hasMore: fc.boolean(),
});

const warning = fc.record({ code: words, field: text, text, next: text });
export const botAnswer = fc.oneof(
  answerOf(bot),
  fc.record({
    ok: fc.constant(true as const),
    value: bot,
    warnings: fc.array(warning, { minLength: 1, maxLength: 3 }),
  }),
);
export const activity: fc.Arbitrary<Activity> = fc.record({
  level: fc.constantFrom(...activityLevels),
  code: words,
  text,
  userId: orNull(userId),
  botId: orNull(botId),
  data: json,
});
