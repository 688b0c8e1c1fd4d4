import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccountId, BotId, InstrumentId, UserId } from './ids.js';
import { RiskScope, scopeKinds } from './risk-scope.js';
import { isStricter } from './trading-state.js';

const member = {
  instrumentId: InstrumentId.of('sim', 'BTC-USDT'),
  userId: UserId.of('usr_1'),
  accountId: AccountId.of('demo'),
  botId: BotId.of('bot_00000001'),
};

it('a scope is read back from its text', () => {
  const id = fc.stringMatching(/^[a-z0-9_-]{1,32}$/);
  const narrow = fc.record({ kind: fc.constantFrom(...scopeKinds.filter((kind) => kind !== 'platform')), id });
  fc.assert(
    fc.property(fc.oneof(fc.constant(RiskScope.platform), narrow), (scope) => {
      expect(RiskScope.parse(RiskScope.format(scope))).toEqual(scope);
    }),
  );
});

it.each(['', 'platform:', 'platform:x', 'bot', 'bots', 'bot:', 'bot:a b', 'desk:1', `bot:${'x'.repeat(129)}`])(
  '%j is no scope',
  (text) => expect(RiskScope.parse(text)).toBeNull(),
);

it('an order belongs to everything around it, the widest first; one by hand to no bot', () => {
  const wide = ['platform', 'venue:sim', 'instrument:sim:BTC-USDT', 'user:usr_1', 'account:demo'];
  expect(RiskScope.all(member).map(RiskScope.format)).toEqual([...wide, 'bot:bot_00000001']);
  expect(RiskScope.all({ ...member, botId: null }).map(RiskScope.format)).toEqual(wide);
});

it('halted is stricter than reducing, and that than active', () => {
  expect([isStricter('halted', 'reducing'), isStricter('reducing', 'active')]).toEqual([true, true]);
  expect([isStricter('active', 'reducing'), isStricter('halted', 'halted')]).toEqual([false, false]);
});
