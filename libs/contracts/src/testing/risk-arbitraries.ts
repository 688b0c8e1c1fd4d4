import { haltLevels, RiskScope, scopeKinds, tradingStates } from '@scalpstorm/model';
import fc from 'fast-check';
import type { RiskAnswer, RiskCommand } from '../questions.js';
import { answerOf, count, few, id, orNull, text, timestamp, userId, words } from './value-arbitraries.js';

const narrow = fc.record({ kind: fc.constantFrom(...scopeKinds.filter((kind) => kind !== 'platform')), id });
export const riskScope = fc.oneof(fc.constant(RiskScope.platform), narrow);
export const tradingState = fc.constantFrom(...tradingStates);
export const haltLevel = fc.constantFrom(...haltLevels);

const whose = { commandId: id, userId: fc.option(userId), text };
export const riskCommand: fc.Arbitrary<RiskCommand> = fc.oneof(
  fc.record({ ...whose, kind: fc.constantFrom('state', 'states', 'dead-men') }),
  fc.record({ ...whose, kind: fc.constantFrom('halt', 'release'), by: userId, level: haltLevel }),
  fc.record({ ...whose, kind: fc.constantFrom('halt', 'release'), level: haltLevel }),
  fc.record({
    ...{ ...whose, kind: fc.constant('arm' as const), scope: riskScope, by: userId, operator: fc.boolean() },
    seconds: count,
    level: haltLevel,
  }),
  fc.record({ ...whose, kind: fc.constant('disarm' as const), scope: riskScope, by: userId, operator: fc.boolean() }),
  fc.record({ ...whose, kind: fc.constant('limits' as const), scopes: few(riskScope) }),
  fc.record({
    ...whose,
    kind: fc.constant('set-limits' as const),
    scopes: few(riskScope),
    wishes: few(fc.record({ name: text, value: orNull(text) })),
    expectedVersion: orNull(count),
    by: userId,
  }),
  fc.record({
    ...whose,
    kind: fc.constant('set' as const),
    scope: riskScope,
    state: tradingState,
    by: userId,
    operator: fc.boolean(),
    level: haltLevel,
  }),
);

const scopeState = fc.record({
  scope: riskScope,
  state: tradingState,
  text,
  since: fc.option(timestamp),
  by: text,
  operator: fc.boolean(),
});
const told = {
  state: tradingState,
  text,
  since: fc.option(timestamp),
  limits: few(fc.record({ name: text, value: text, unit: text, source: orNull(riskScope), own: orNull(words) })),
  limitsVersion: count,
  states: few(scopeState),
  deadMen: few(fc.record({ scope: riskScope, level: haltLevel, seconds: count, expiresAt: timestamp, by: text })),
  renewed: fc.boolean(),
};
export const riskAnswer: fc.Arbitrary<RiskAnswer> = answerOf(fc.record(told));
