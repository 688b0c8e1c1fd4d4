import { describe, expect, it } from '@jest/globals';
import { createMeta } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import { AccountId, BotId, type Cycle, EventId, InstrumentId, Money, RiskScope, UserId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { aCycle } from '@scalpstorm/testkit';
import { breakerEnv } from '../../test/breaker-env.js';
import { gateScene } from '../../test/gate-scene.js';
import { SwitchedLease } from '../../test/handler-scene.js';
import { MemoryResults } from '../../test/memory-results.js';
import { MemoryStates, MemoryTrips } from '../../test/memory-states.js';
import { type BreakerEnv, breakerRulesFrom } from '../domain/breaker-rules.js';
import { Breakers } from './breakers.js';
import { CycleCompletedHandler } from './cycle-completed.handler.js';

const midnight = Timestamp.fromMillis(Date.UTC(2026, 10, 21));
const botId = BotId.of('bot_00000001');
const accountId = AccountId.of('demo');
const userId = UserId.of('usr_1');

function scene(env: Partial<BreakerEnv>) {
  const { clock, gate } = gateScene();
  clock.set(midnight);
  const states = new MemoryStates(clock);
  const lease = new SwitchedLease();
  const breakers = new Breakers(states, new MemoryTrips(), lease, clock, new RecordingLog(), new Metrics('risk-gate'));
  const rules = breakerRulesFrom({ ...breakerEnv, ...env });
  const handler = new CycleCompletedHandler(gate, new MemoryResults(), breakers, rules, lease, clock);
  let number = 0;
  const complete = (net: string, completedAt: Timestamp, changes: Partial<Cycle> = {}) => {
    number += 1;
    const cycle = aCycle({ botId, number, net: Money.of(net, 'USDT'), completedAt, ...changes });
    const meta = createMeta(EventId.of('00000000-0000-7000-8000-000000000001'), null, completedAt, clock.now());
    return handler.handle({ meta, userId, cycle, amends: false, accountId });
  };
  const held = () => states.said().map(({ scope, by }) => `${RiskScope.format(scope)} ${by}`);
  return { clock, complete, held };
}

describe('what a cycle came to', () => {
  it('counts after midnight, too, when it was completed before', async () => {
    const { clock, complete, held } = scene({ RISK_BREAKER_BOT_LOSSES_IN_A_ROW_MAX: 2 });
    await complete('-1', Timestamp.plus(midnight, -60 * second));
    clock.set(Timestamp.plus(midnight, 30 * second));
    await complete('-1', Timestamp.plus(midnight, -second));
    expect(held()).toEqual([`bot:${botId} breaker:losses-in-a-row`]);
  });

  it('counts when what completed later was told before', async () => {
    const { clock, complete, held } = scene({ RISK_BREAKER_BOT_LOSSES_IN_A_ROW_MAX: 2 });
    clock.set(Timestamp.plus(midnight, 60 * second));
    await complete('-1', Timestamp.plus(midnight, 2 * second));
    await complete('-1', Timestamp.plus(midnight, second));
    expect(held()).toEqual([`bot:${botId} breaker:losses-in-a-row`]);
  });

  it('counts for everybody, though other bots’ were told before and completed at the same time or later', async () => {
    for (const later of [0, second]) {
      const { complete, held, clock } = scene({ RISK_BREAKER_PLATFORM_LIVE_DAILY_LOSS_MAX: '10' });
      clock.set(Timestamp.plus(midnight, 3_600 * second));
      const meanwhile = Timestamp.plus(midnight, later);
      await complete('-6', meanwhile, { mode: 'live', botId: BotId.of('bot_00000002') });
      await complete('1', meanwhile, { mode: 'live', botId: BotId.of('bot_00000003') });
      expect(held()).toEqual([]);
      await complete('-6', midnight, { mode: 'live' });
      expect(held()).toEqual(['platform breaker:daily-loss']);
    }
  });

  it('of a day that is over trips no breaker of that day', async () => {
    const { clock, complete, held } = scene({ RISK_BREAKER_BOT_DAILY_LOSS_MAX: '1' });
    clock.set(Timestamp.plus(midnight, 30 * second));
    await complete('-5', Timestamp.plus(midnight, -second));
    expect(held()).toEqual([]);
  });

  it('on an account counts with what all others did there', async () => {
    const { complete, held, clock } = scene({ RISK_BREAKER_ACCOUNT_DAILY_LOSS_MAX: '10' });
    clock.set(Timestamp.plus(midnight, 3_600 * second));
    await complete('-6', midnight);
    await complete('-6', midnight, { mode: 'live' });
    expect(held()).toEqual([]);
    await complete('-4', midnight, { botId: BotId.of('bot_00000002') });
    expect(held()).toEqual(['account:demo breaker:daily-loss']);
  });

  it('with real money counts for the platform', async () => {
    const { complete, held, clock } = scene({ RISK_BREAKER_PLATFORM_LIVE_DAILY_LOSS_MAX: '10' });
    clock.set(Timestamp.plus(midnight, 3_600 * second));
    await complete('-20', midnight);
    await complete('-9', midnight, { mode: 'live' });
    expect(held()).toEqual([]);
    await complete('-1', midnight, { mode: 'live', botId: BotId.of('bot_00000002') });
    expect(held()).toEqual(['platform breaker:daily-loss']);
  });

  it('on an instrument that earns a user too little holds the bot, and not those of others or elsewhere', async () => {
    const { complete, held, clock } = scene({ RISK_BREAKER_USER_LOW_PROFIT_CYCLES: 2 });
    clock.set(Timestamp.plus(midnight, 60 * second));
    const elsewhere = { botId: BotId.of('bot_00000003'), instrumentId: InstrumentId.of('sim', 'ETH-USDT') };
    await complete('-1', midnight);
    await complete('-1', midnight, elsewhere);
    expect(held()).toEqual([]);
    await complete('0.5', midnight, { botId: BotId.of('bot_00000002') });
    expect(held()).toEqual(['bot:bot_00000002 breaker:low-profit']);
  });
});
