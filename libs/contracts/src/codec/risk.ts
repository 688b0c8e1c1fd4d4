import { defineContract, defineQuestion } from '../define.js';
import type { RiskAnswer, RiskCommand, TradingState, TradingStateChanged } from '../events.js';
import * as wire from '../generated/scalpstorm/risk/v1/risk_pb.js';
import { readAnswer } from './answers.js';
import {
  enumMapping,
  readCommandId,
  readMeta,
  readOptional,
  readTimestamp,
  readUserId,
  writeMeta,
  writeRefusals,
  writeTimestamp,
} from './values.js';

const tradingState = enumMapping<TradingState, wire.TradingState>({
  active: wire.TradingState.ACTIVE,
  halted: wire.TradingState.HALTED,
});
const verb = enumMapping<RiskCommand['kind'], wire.RiskVerb>({
  halt: wire.RiskVerb.HALT,
  release: wire.RiskVerb.RELEASE,
  state: wire.RiskVerb.STATE,
  limits: wire.RiskVerb.LIMITS,
});

export const tradingStateChanged = defineContract({
  schema: wire.TradingStateChangedSchema,
  toWire: (event: TradingStateChanged) => ({
    meta: writeMeta(event.meta),
    userId: event.userId ?? undefined,
    state: tradingState.write(event.state),
    text: event.text,
  }),
  fromWire: (message, at): TradingStateChanged => ({
    meta: readMeta(message.meta, at),
    userId: readOptional(message.userId, `${at}.user_id`, readUserId),
    state: tradingState.read(message.state, `${at}.state`),
    text: message.text,
  }),
});

export const riskQuestion = defineQuestion(
  {
    schema: wire.RiskAskRequestSchema,
    toWire: (request: RiskCommand) => ({
      verb: verb.write(request.kind),
      commandId: request.commandId,
      userId: request.userId ?? '',
      text: request.text,
    }),
    fromWire: (message, at): RiskCommand => ({
      kind: verb.read(message.verb, `${at}.verb`),
      commandId: readCommandId(message.commandId, `${at}.command_id`),
      userId: message.userId === '' ? null : readUserId(message.userId, `${at}.user_id`),
      text: message.text,
    }),
  },
  {
    schema: wire.RiskAskReplySchema,
    toWire: (reply: RiskAnswer) => {
      if (!reply.ok) return { answer: { case: 'refused' as const, value: writeRefusals(reply.refusals) } };
      const { state, text, since, limits = [] } = reply.value;
      const value = {
        state: tradingState.write(state),
        text,
        sinceUs: since === null ? 0n : writeTimestamp(since),
        limits: limits.map(({ name, value, unit }) => ({ name, value, unit })),
      };
      return { answer: { case: 'state' as const, value } };
    },
    fromWire: ({ answer }, at): RiskAnswer => readAnswer(answer, at, { state: readState }),
  },
);

function readState({ state, text, sinceUs, limits }: wire.RiskState, at: string) {
  return {
    state: tradingState.read(state, `${at}.state`),
    text,
    since: sinceUs === 0n ? null : readTimestamp(sinceUs, `${at}.since_us`),
    limits: limits.map(({ name, value, unit }) => ({ name, value, unit })),
  };
}
