import { unreachable } from '@scalpstorm/kernel';
import type { Bot } from '@scalpstorm/model';
import { defineContract, defineQuestion } from '../define.js';
import type { BotChanged, CycleCompleted } from '../events.js';
import * as wire from '../generated/scalpstorm/bot/v1/bot_pb.js';
import type {
  Answer,
  BotAnswer,
  BotCommand,
  JournalPage,
  JournalRequest,
  ParameterWarning,
  StrategyDescription,
} from '../questions.js';
import { readAnswer } from './answers.js';
import { botVerb, readBot, readBotConfig, readCycle, writeBot, writeBotConfig, writeCycle } from './bot-values.js';
import {
  readAccountId,
  readAll,
  readBotId,
  readCommandId,
  readJsonObject,
  readMeta,
  readText,
  readTimestamp,
  readUserId,
  unreadable,
  writeJsonObject,
  writeMeta,
  writeOptionalTimestamp,
  writeRefusals,
} from './values.js';

export const botChanged = defineContract(
  {
    schema: wire.BotChangedSchema,
    toWire: (event: BotChanged) => ({
      meta: writeMeta(event.meta),
      bot: writeBot(event.bot),
      deleted: event.deleted,
    }),
    fromWire: (message, at): BotChanged => ({
      meta: readMeta(message.meta, at),
      bot: readBot(message.bot, `${at}.bot`),
      deleted: message.deleted,
    }),
  },
  { bot: (event) => event.bot.id },
);

export const cycleCompleted = defineContract(
  {
    schema: wire.CycleCompletedSchema,
    toWire: (event: CycleCompleted) => ({
      meta: writeMeta(event.meta),
      userId: event.userId,
      cycle: writeCycle(event.cycle),
      amends: event.amends,
      accountId: event.accountId ?? '',
    }),
    fromWire: (message, at): CycleCompleted => ({
      meta: readMeta(message.meta, at),
      userId: readUserId(message.userId, `${at}.user_id`),
      cycle: readCycle(message.cycle, `${at}.cycle`),
      amends: message.amends,
      ...(message.accountId === '' ? {} : { accountId: readAccountId(message.accountId, `${at}.account_id`) }),
    }),
  },
  { bot: (event) => event.cycle.botId },
);

export const botQuestion = defineQuestion(
  {
    schema: wire.BotAskRequestSchema,
    toWire: (request: BotCommand) => ({
      commandId: request.commandId,
      userId: request.userId,
      command: writeCommand(request),
      untilUs: writeOptionalTimestamp(request.until ?? null),
    }),
    fromWire: readCommand,
  },
  {
    schema: wire.BotAskReplySchema,
    toWire: (reply: BotAnswer) => ({
      answer: reply.ok
        ? { case: 'bot' as const, value: writeBot(reply.value) }
        : { case: 'refused' as const, value: writeRefusals(reply.refusals) },
      warnings: reply.ok
        ? (reply.warnings ?? []).map(({ code, field, text, next }) => ({ code, field, text, next }))
        : [],
    }),
    fromWire: ({ answer, warnings }, at): BotAnswer => {
      const read: Answer<Bot> = readAnswer(answer, at, { bot: readBot });
      if (!read.ok || warnings.length === 0) return read;
      return { ...read, warnings: readAll(warnings, `${at}.warnings`, readWarning) };
    },
  },
);

export const strategiesQuestion = defineQuestion(
  {
    schema: wire.StrategiesRequestSchema,
    toWire: (_request: Readonly<Record<string, never>>) => ({}),
    fromWire: (): Readonly<Record<string, never>> => ({}),
  },
  {
    schema: wire.StrategiesReplySchema,
    toWire: (reply: { readonly strategies: readonly StrategyDescription[] }) => ({
      strategies: reply.strategies.map(({ id, title, description, schema }) => ({
        id,
        title,
        description,
        schemaJson: writeJsonObject(schema),
      })),
    }),
    fromWire: (message, at): { readonly strategies: readonly StrategyDescription[] } => ({
      strategies: readAll(message.strategies, `${at}.strategies`, (strategy, each) => ({
        id: readText(strategy.id, `${each}.id`),
        title: readText(strategy.title, `${each}.title`),
        description: strategy.description,
        schema: readJsonObject(strategy.schemaJson, `${each}.schema_json`),
      })),
    }),
  },
);

export const journalQuestion = defineQuestion(
  {
    schema: wire.JournalRequestSchema,
    toWire: ({ userId, botId, after, limit }: JournalRequest) => ({ userId, botId, after, limit }),
    fromWire: (message, at): JournalRequest => ({
      userId: readUserId(message.userId, `${at}.user_id`),
      botId: readBotId(message.botId, `${at}.bot_id`),
      after: message.after,
      limit: message.limit,
    }),
  },
  {
    schema: wire.JournalReplySchema,
    toWire: ({ rows, hasMore }: JournalPage) => ({
      rows: rows.map(({ number, entry }) => ({ number, entryJson: entry })),
      hasMore,
    }),
    fromWire: ({ rows, hasMore }, at): JournalPage => ({
      rows: readAll(rows, `${at}.rows`, ({ number, entryJson }, each) => ({
        number,
        entry: readText(entryJson, `${each}.entry_json`),
      })),
      hasMore,
    }),
  },
);

const readWarning = ({ code, field, text, next }: wire.BotAskReply_Warning, at: string): ParameterWarning => ({
  code: readText(code, `${at}.code`),
  field,
  text,
  next,
});

function writeCommand(request: BotCommand) {
  switch (request.kind) {
    case 'create':
      return { case: 'create' as const, value: { config: writeBotConfig(request.config) } };
    case 'edit': {
      const { botId, merge, expectedVersion } = request;
      const parametersJson = writeJsonObject(request.parameters);
      return {
        case: 'edit' as const,
        value: { botId, name: request.name ?? undefined, parametersJson, merge: merge ?? false, expectedVersion },
      };
    }
    case 'delete':
      return { case: 'delete' as const, value: { botId: request.botId } };
    case 'verb':
      return { case: 'verb' as const, value: { botId: request.botId, verb: botVerb.write(request.verb) } };
    default:
      return unreachable(request, 'bot command');
  }
}

function readCommand(message: wire.BotAskRequest, at: string): BotCommand {
  const asked = {
    commandId: readCommandId(message.commandId, `${at}.command_id`),
    userId: readUserId(message.userId, `${at}.user_id`),
    ...(message.untilUs === undefined ? {} : { until: readTimestamp(message.untilUs, `${at}.until_us`) }),
  };
  const { command } = message;
  switch (command.case) {
    case 'create':
      return { kind: 'create', ...asked, config: readBotConfig(command.value.config, `${at}.create.config`) };
    case 'edit':
      return {
        kind: 'edit',
        ...asked,
        botId: readBotId(command.value.botId, `${at}.edit.bot_id`),
        name: command.value.name ?? null,
        parameters: readJsonObject(command.value.parametersJson, `${at}.edit.parameters_json`),
        ...(command.value.merge ? { merge: true } : {}),
        ...(command.value.expectedVersion === undefined ? {} : { expectedVersion: command.value.expectedVersion }),
      };
    case 'delete':
      return { kind: 'delete', ...asked, botId: readBotId(command.value.botId, `${at}.delete.bot_id`) };
    case 'verb':
      return {
        kind: 'verb',
        ...asked,
        botId: readBotId(command.value.botId, `${at}.verb.bot_id`),
        verb: botVerb.read(command.value.verb, `${at}.verb.verb`),
      };
    case undefined:
      return unreadable(`${at}.command`, 'missing');
    default:
      return unreachable(command, 'bot command');
  }
}
