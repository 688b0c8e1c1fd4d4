import {
  type HaltSweepAnswer,
  type HaltSweepRequest,
  type HaltSwept,
  leftKinds,
  sweepLevels,
  type UserStanding,
  type UserStandingRequest,
} from '../chats.js';
import { defineQuestion } from '../define.js';
import * as wire from '../generated/scalpstorm/gateway/v1/gateway_pb.js';
import { userRoles } from '../notifications.js';
import { readAnswer } from './answers.js';
import {
  mode,
  readAccountId,
  readAll,
  readBotId,
  readChoice,
  readCommandId,
  readOptional,
  readText,
  readUserId,
  readVenueId,
  writeRefusals,
} from './values.js';

export const userStandingQuestion = defineQuestion(
  {
    schema: wire.UserStandingRequestSchema,
    toWire: ({ userId }: UserStandingRequest) => ({ userId }),
    fromWire: ({ userId }, at): UserStandingRequest => ({ userId: readUserId(userId, `${at}.user_id`) }),
  },
  {
    schema: wire.UserStandingReplySchema,
    toWire: ({ role, accounts }: UserStanding) => ({
      role: role ?? undefined,
      accounts: accounts.map((account) => ({ ...account, mode: mode.write(account.mode) })),
    }),
    fromWire: (reply, at): UserStanding => ({
      role: readOptional(reply.role, `${at}.role`, (role, each) => readChoice(userRoles, role, each)),
      accounts: readAll(reply.accounts, `${at}.accounts`, (account, each) => ({
        id: readAccountId(account.id, `${each}.id`),
        venue: readVenueId(account.venue, `${each}.venue`),
        mode: mode.read(account.mode, `${each}.mode`),
      })),
    }),
  },
);

export const haltSweepQuestion = defineQuestion(
  {
    schema: wire.HaltSweepRequestSchema,
    toWire: ({ commandId, userId, level }: HaltSweepRequest) => ({ commandId, userId, level }),
    fromWire: (request, at): HaltSweepRequest => ({
      commandId: readCommandId(request.commandId, `${at}.command_id`),
      userId: readUserId(request.userId, `${at}.user_id`),
      level: readChoice(sweepLevels, request.level, `${at}.level`),
    }),
  },
  {
    schema: wire.HaltSweepReplySchema,
    toWire: (reply: HaltSweepAnswer) => ({
      answer: reply.ok
        ? { case: 'swept' as const, value: writeSwept(reply.value) }
        : { case: 'refused' as const, value: writeRefusals(reply.refusals) },
    }),
    fromWire: ({ answer }, at): HaltSweepAnswer => readAnswer(answer, at, { swept: readSwept }),
  },
);

const writeSwept = ({ bots, ordersCanceled, left }: HaltSwept) => ({
  bots,
  ordersCanceled,
  botsLeft: left.bots,
  ordersLeft: left.orders,
  positionsLeft: left.positions,
  complete: left.complete,
  items: left.items.map(({ botId, ...item }) => ({ ...item, botId: botId ?? undefined })),
});

const readSwept = (swept: wire.HaltSwept, at: string): HaltSwept => ({
  bots: swept.bots,
  ordersCanceled: swept.ordersCanceled,
  left: {
    bots: swept.botsLeft,
    orders: swept.ordersLeft,
    positions: swept.positionsLeft,
    complete: swept.complete,
    items: readAll(swept.items, `${at}.items`, ({ kind, id, botId, code, text, next }, each) => ({
      kind: readChoice(leftKinds, kind, `${each}.kind`),
      id: readText(id, `${each}.id`),
      botId: readOptional(botId, `${each}.bot_id`, readBotId),
      code: readText(code, `${each}.code`),
      text,
      next,
    })),
  },
});
