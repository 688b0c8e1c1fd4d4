import type { Timestamp } from '@scalpstorm/kernel';
import { type HaltLevel, RiskScope, type TradingState } from '@scalpstorm/model';
import { defineContract, defineQuestion } from '../define.js';
import type { TradingStateChanged } from '../events.js';
import * as wire from '../generated/scalpstorm/risk/v1/risk_pb.js';
import type { DeadMan, RiskAnswer, RiskCommand, RiskLimit, ScopeState } from '../questions.js';
import { readAnswer } from './answers.js';
import {
  enumMapping,
  readAll,
  readCommandId,
  readMeta,
  readTimestamp,
  readUserId,
  unreadable,
  writeMeta,
  writeRefusals,
  writeTimestamp,
} from './values.js';

const tradingState = enumMapping<TradingState, wire.TradingState>({
  active: wire.TradingState.ACTIVE,
  reducing: wire.TradingState.REDUCING,
  halted: wire.TradingState.HALTED,
});
const level = enumMapping<HaltLevel, wire.HaltLevel>({
  halt: wire.HaltLevel.HALT,
  cancel: wire.HaltLevel.CANCEL,
  flatten: wire.HaltLevel.FLATTEN,
});
const verb = enumMapping<RiskCommand['kind'], wire.RiskVerb>({
  halt: wire.RiskVerb.HALT,
  release: wire.RiskVerb.RELEASE,
  state: wire.RiskVerb.STATE,
  limits: wire.RiskVerb.LIMITS,
  set: wire.RiskVerb.SET,
  states: wire.RiskVerb.STATES,
  'set-limits': wire.RiskVerb.SET_LIMITS,
  arm: wire.RiskVerb.ARM,
  disarm: wire.RiskVerb.DISARM,
  'dead-men': wire.RiskVerb.DEAD_MEN,
});

export const tradingStateChanged = defineContract({
  schema: wire.TradingStateChangedSchema,
  toWire: ({ meta, scope, state, text, by, level: done }: TradingStateChanged) => ({
    meta: writeMeta(meta),
    userId: userOf(scope),
    state: tradingState.write(state),
    text,
    scope: RiskScope.format(scope),
    by: by ?? '',
    level: writeLevel(done),
  }),
  fromWire: (message, at): TradingStateChanged => ({
    meta: readMeta(message.meta, at),
    scope: message.scope === '' ? scopeOf(message.userId, at) : readScope(message.scope, `${at}.scope`),
    state: tradingState.read(message.state, `${at}.state`),
    text: message.text,
    by: message.by,
    level: readLevel(message.level, `${at}.level`),
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
      ...(request.kind === 'set' ? change(request) : {}),
      ...(request.kind === 'halt' || request.kind === 'release' ? said(request) : {}),
      ...(request.kind === 'arm' || request.kind === 'disarm' ? timer(request) : {}),
      ...(request.kind === 'limits' ? { scopes: request.scopes.map(RiskScope.format) } : {}),
      ...(request.kind === 'set-limits' ? limitChange(request) : {}),
    }),
    fromWire: (message, at): RiskCommand => {
      const kind = verb.read(message.verb, `${at}.verb`);
      const whose = {
        commandId: readCommandId(message.commandId, `${at}.command_id`),
        userId: message.userId === '' ? null : readUserId(message.userId, `${at}.user_id`),
        text: message.text,
      };
      switch (kind) {
        case 'set':
          return { ...whose, kind, ...readChange(message, at) };
        case 'limits':
          return { ...whose, kind, scopes: readAll(message.scopes, `${at}.scopes`, readScope) };
        case 'set-limits':
          return { ...whose, kind, ...readLimitChange(message, at) };
        case 'halt':
        case 'release':
          return { ...whose, kind, ...readSaid(message, at) };
        case 'arm':
          return {
            ...{ ...whose, kind, ...readActor(message, at) },
            seconds: message.seconds,
            level: readLevel(message.level, `${at}.level`),
          };
        case 'disarm':
          return { ...whose, kind, ...readActor(message, at) };
        default:
          return { ...whose, kind };
      }
    },
  },
  {
    schema: wire.RiskAskReplySchema,
    toWire: (reply: RiskAnswer) => {
      if (!reply.ok) return { answer: { case: 'refused' as const, value: writeRefusals(reply.refusals) } };
      const { state, text, since, limits = [], states = [], limitsVersion = 0 } = reply.value;
      const { deadMen = [], renewed = false } = reply.value;
      const value = {
        state: tradingState.write(state),
        text,
        sinceUs: sinceOf(since),
        limits: limits.map(({ source, own, ...limit }) => ({
          ...limit,
          source: source === null ? '' : RiskScope.format(source),
          own: own ?? '',
        })),
        limitsVersion,
        states: states.map((one) => ({
          scope: RiskScope.format(one.scope),
          state: tradingState.write(one.state),
          text: one.text,
          sinceUs: sinceOf(one.since),
          by: one.by,
          operator: one.operator,
        })),
        deadMen: deadMen.map(writeDeadMan),
        renewed,
      };
      return { answer: { case: 'state' as const, value } };
    },
    fromWire: ({ answer }, at): RiskAnswer => readAnswer(answer, at, { state: readState }),
  },
);

/** A service of the version before takes it for the state of a user whom nobody is. */
const userOf = (scope: RiskScope): string | undefined => {
  if (scope.kind === 'platform') return undefined;
  return scope.kind === 'user' ? scope.id : RiskScope.format(scope);
};

/** As gates of the version before say it. */
const scopeOf = (userId: string | undefined, at: string): RiskScope =>
  userId === undefined ? RiskScope.platform : RiskScope.user(readUserId(userId, `${at}.user_id`));

const readScope = (text: string, at: string): RiskScope =>
  RiskScope.parse(text) ?? unreadable(at, 'not a scope such as bot:bot_00000001', text);

/** A service of the version before says nothing. */
const writeLevel = (done: HaltLevel | undefined): wire.HaltLevel => level.write(done ?? 'halt');
const readLevel = (done: wire.HaltLevel, at: string): HaltLevel =>
  done === wire.HaltLevel.UNSPECIFIED ? 'halt' : level.read(done, at);

type Said = Pick<Extract<RiskCommand, { kind: 'halt' | 'release' }>, 'by' | 'level'>;
const said = ({ by, level: done }: Said) => ({ by: by ?? '', level: writeLevel(done) });
const readSaid = ({ by, level: done }: wire.RiskAskRequest, at: string): Said => ({
  ...(by === '' ? {} : { by: readUserId(by, `${at}.by`) }),
  level: readLevel(done, `${at}.level`),
});

type Timer = Extract<RiskCommand, { kind: 'arm' | 'disarm' }>;
const timer = (request: Timer) => ({
  scope: RiskScope.format(request.scope),
  by: request.by,
  operator: request.operator,
  ...(request.kind === 'arm' ? { seconds: request.seconds, level: writeLevel(request.level) } : {}),
});
const readActor = ({ scope, by, operator }: wire.RiskAskRequest, at: string) => ({
  scope: readScope(scope, `${at}.scope`),
  by: readUserId(by, `${at}.by`),
  operator,
});
const writeDeadMan = ({ scope, level: done, seconds, expiresAt, by }: DeadMan) => ({
  scope: RiskScope.format(scope),
  level: writeLevel(done),
  seconds,
  expiresAtUs: writeTimestamp(expiresAt),
  by,
});
const readDeadMan = (one: wire.DeadMan, at: string): DeadMan => ({
  scope: readScope(one.scope, `${at}.scope`),
  level: readLevel(one.level, `${at}.level`),
  seconds: one.seconds,
  expiresAt: readTimestamp(one.expiresAtUs, `${at}.expires_at_us`),
  by: one.by,
});

type Change = Pick<Extract<RiskCommand, { kind: 'set' }>, 'scope' | 'state' | 'by' | 'operator' | 'level'>;

const change = ({ scope, state, by, operator, level: done }: Change) => ({
  level: writeLevel(done),
  scope: RiskScope.format(scope),
  state: tradingState.write(state),
  by,
  operator,
});

const readChange = (message: wire.RiskAskRequest, at: string): Change => ({
  ...readActor(message, at),
  state: tradingState.read(message.state, `${at}.state`),
  level: readLevel(message.level, `${at}.level`),
});

type LimitChange = Omit<Extract<RiskCommand, { kind: 'set-limits' }>, 'kind' | 'commandId' | 'userId' | 'text'>;

const limitChange = ({ scopes, wishes, expectedVersion, by }: LimitChange) => ({
  scopes: scopes.map(RiskScope.format),
  limits: wishes.map(({ name, value }) => ({ name, value: value ?? undefined })),
  expectedVersion: expectedVersion ?? undefined,
  by,
});

const readLimitChange = (message: wire.RiskAskRequest, at: string): LimitChange => ({
  scopes: readAll(message.scopes, `${at}.scopes`, readScope),
  wishes: message.limits.map(({ name, value }) => ({ name, value: value ?? null })),
  expectedVersion: message.expectedVersion ?? null,
  by: readUserId(message.by, `${at}.by`),
});

const readLimit = ({ name, value, unit, source, own }: wire.RiskLimit, at: string): RiskLimit => ({
  ...{ name, value, unit },
  source: source === '' ? null : readScope(source, `${at}.source`),
  own: own === '' ? null : own,
});

const sinceOf = (since: Timestamp | null): bigint => (since === null ? 0n : writeTimestamp(since));
const readSince = (sinceUs: bigint, at: string): Timestamp | null =>
  sinceUs === 0n ? null : readTimestamp(sinceUs, at);

function readState(message: wire.RiskState, at: string) {
  const { state, text, sinceUs, limits, states, limitsVersion, deadMen, renewed } = message;
  return {
    state: tradingState.read(state, `${at}.state`),
    text,
    since: readSince(sinceUs, `${at}.since_us`),
    limits: readAll(limits, `${at}.limits`, readLimit),
    limitsVersion,
    states: readAll(states, `${at}.states`, readScopeState),
    deadMen: readAll(deadMen, `${at}.dead_men`, readDeadMan),
    renewed,
  };
}

const readScopeState = (one: wire.ScopeState, at: string): ScopeState => ({
  scope: readScope(one.scope, `${at}.scope`),
  state: tradingState.read(one.state, `${at}.state`),
  text: one.text,
  since: readSince(one.sinceUs, `${at}.since_us`),
  by: one.by,
  operator: one.operator,
});
