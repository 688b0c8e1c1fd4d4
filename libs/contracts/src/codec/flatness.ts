import type { MessageInitShape } from '@bufbuild/protobuf';
import { PlanId, Quantity, RiskScope } from '@scalpstorm/model';
import { defineQuestion } from '../define.js';
import type { AccountFlatness, Flatness, FlatOrder, FlatPosition, FlatRequest } from '../flatness.js';
import * as wire from '../generated/scalpstorm/execution/v1/flat_pb.js';
import {
  readAccountId,
  readAll,
  readBotId,
  readInstrumentId,
  readOptional,
  readQuantity,
  side,
  unreadable,
} from './values.js';

export const flatQuestion = defineQuestion(
  {
    schema: wire.FlatAskRequestSchema,
    toWire: ({ accountIds, botId, scopes }: FlatRequest) => ({
      accountIds: [...accountIds],
      botId: botId ?? undefined,
      scopes: scopes.map(RiskScope.format),
    }),
    fromWire: (message, at): FlatRequest => ({
      accountIds: readAll(message.accountIds, `${at}.account_ids`, readAccountId),
      botId: readOptional(message.botId, `${at}.bot_id`, readBotId),
      scopes: readAll(message.scopes, `${at}.scopes`, readScope),
    }),
  },
  {
    schema: wire.FlatAskReplySchema,
    toWire: ({ accounts, halted }: Flatness) => ({ accounts: accounts.map(writeAccount), halted }),
    fromWire: (message, at): Flatness => ({
      accounts: readAll(message.accounts, `${at}.accounts`, readAccount),
      halted: message.halted,
    }),
  },
);

const readScope = (text: string, at: string): RiskScope =>
  RiskScope.parse(text) ?? unreadable(at, 'not a scope such as bot:bot_00000001', text);

const writeAccount = (found: AccountFlatness): MessageInitShape<typeof wire.AccountFlatnessSchema> => ({
  accountId: found.accountId,
  code: found.code,
  text: found.text,
  orders: found.orders.map(writeOrder),
  positions: found.positions.map(writePosition),
});
const readAccount = (found: wire.AccountFlatness, at: string): AccountFlatness => ({
  accountId: readAccountId(found.accountId, `${at}.account_id`),
  code: found.code,
  text: found.text,
  orders: readAll(found.orders, `${at}.orders`, readOrder),
  positions: readAll(found.positions, `${at}.positions`, readPosition),
});

type Remaining = Pick<FlatPosition, 'botId' | 'planId' | 'code' | 'text'>;
const writeRemaining = ({ botId, planId, code, text }: Remaining) => ({
  ...{ botId: botId ?? undefined, planId: planId ?? undefined, code, text },
});
const readRemaining = (row: wire.FlatOrder | wire.FlatPosition, at: string): Remaining => ({
  botId: readOptional(row.botId, `${at}.bot_id`, readBotId),
  planId: readOptional(row.planId, `${at}.plan_id`, readPlanId),
  code: row.code,
  text: row.text,
});

const readPlanId = (text: string, at: string): PlanId =>
  PlanId.is(text) ? text : unreadable(at, 'not a plan id', text);

const writeOrder = (order: FlatOrder): MessageInitShape<typeof wire.FlatOrderSchema> => ({
  instrumentId: order.instrumentId,
  clientOrderId: order.clientOrderId,
  side: side.write(order.side),
  quantity: Quantity.format(order.quantity),
  ...writeRemaining(order),
  ours: order.ours,
});
const readOrder = (order: wire.FlatOrder, at: string): FlatOrder => ({
  instrumentId: readInstrumentId(order.instrumentId, `${at}.instrument_id`),
  clientOrderId: order.clientOrderId,
  side: side.read(order.side, `${at}.side`),
  quantity: readQuantity(order.quantity, `${at}.quantity`),
  ...readRemaining(order, at),
  ours: order.ours,
});

const writePosition = (position: FlatPosition): MessageInitShape<typeof wire.FlatPositionSchema> => ({
  instrumentId: position.instrumentId,
  ...writeRemaining(position),
  quantity: Quantity.format(position.quantity),
});
const readPosition = (position: wire.FlatPosition, at: string): FlatPosition => ({
  instrumentId: readInstrumentId(position.instrumentId, `${at}.instrument_id`),
  ...readRemaining(position, at),
  quantity: readQuantity(position.quantity, `${at}.quantity`),
});
