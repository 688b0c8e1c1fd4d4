import { expect, it } from '@jest/globals';
import { BotId, RiskScope, type TradingState, UserId } from '@scalpstorm/model';
import { isOperators, objectionTo } from './state-words.js';

const scope = RiskScope.bot(BotId.of('bot_00000001'));
const owner = UserId.of('usr_owner');
const said = (state: TradingState, operator: boolean) =>
  ({ scope, state, operator, text: '', since: null, by: '' }) as const;
const byOwner = { operator: false, by: owner, ownerId: owner };
const byRisk = { operator: true, by: UserId.of('usr_risk'), ownerId: owner };

it.each<[TradingState, TradingState, boolean]>([
  ['reducing', 'active', true],
  ['halted', 'reducing', true],
  ['halted', 'halted', false],
  ['reducing', 'halted', false],
])('of an operator’s %s its owner makes %s: refused %s', (before, state, refused) => {
  const objection = objectionTo({ scope, state, operator: false }, said(before, true));
  expect(objection?.code ?? null).toBe(refused ? 'RELEASE_NEEDS_OPERATOR' : null);
  expect(objectionTo({ scope, state, operator: true }, said(before, true))).toBeNull();
  expect(objectionTo({ scope, state, operator: false }, said(before, false))).toBeNull();
});

it('an operator’s word stays one when its owner makes it stricter, and is over when it was released', () => {
  expect(isOperators(byOwner, said('reducing', true))).toBe(true);
  expect(isOperators(byOwner, said('active', true))).toBe(false);
  expect(isOperators(byOwner, said('reducing', false))).toBe(false);
});

it('what people of role risk say of what is theirs is no operator’s word', () => {
  expect(isOperators(byRisk, said('active', false))).toBe(true);
  expect(isOperators({ ...byRisk, by: owner }, said('active', false))).toBe(false);
});
