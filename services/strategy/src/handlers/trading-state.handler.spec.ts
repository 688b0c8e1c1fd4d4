import { expect, test } from '@jest/globals';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import type { TradingState } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import { AccountId, EventId, RiskScope } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { type ConfiguredStrategy, noMeasures } from '@scalpstorm/strategies';
import { aBot, anInstrument, FakeClock } from '@scalpstorm/testkit';
import { MemoryBotStore } from '../../test/memory-bot-store.js';
import { MemoryTradingHalts } from '../../test/memory-trading-halts.js';
import { BusDirectory } from '../adapters/bus-directory.js';
import { MemoryMarket } from '../adapters/memory-market.js';
import { newMemory } from '../domain/memory.js';
import { Fleet } from './fleet.js';
import { ObeyHalts } from './obey-halts.js';
import { OrderSender } from './order-sender.js';
import { TradingStateHandler } from './trading-state.handler.js';

const { id: botId, userId: owner, config } = aBot();
const { platform } = RiskScope;
const userId = RiskScope.user(owner);

/** A running bot, and how often it heard that it may go on. */
function scene() {
  let released = 0;
  const configured: ConfiguredStrategy = {
    warnings: [],
    measures: noMeasures,
    init: () => ({}),
    heedsMarket: () => false,
    step: (state, { kind }) => {
      if (kind === 'released') released += 1;
      return { state, effects: [] };
    },
  };
  const { bus } = new MemoryBus({ broker: new MemoryBroker(), speaker: 'strategy' });
  const [clock, log, metrics] = [new FakeClock(), new RecordingLog(), new Metrics('strategy')];
  const orders = new OrderSender(bus, { isHeld: true }, clock, log);
  const fleet = new Fleet(orders, new MemoryBotStore(), new MemoryMarket(), new BusDirectory(bus), clock, log, metrics);
  const bot = aBot({ desired: 'running', observed: 'running', reason: { code: 'RUNNING', text: '' } });
  fleet.join(bot, newMemory({}), { configured, instrument: anInstrument() });
  const obeyHalts = new ObeyHalts(fleet, new MemoryTradingHalts(), clock, log);
  const handler = new TradingStateHandler(fleet, obeyHalts, clock, log);
  const say = async (scope: RiskScope, state: TradingState, seconds: number) => {
    const at = Timestamp.plus(clock.now(), seconds * second);
    const meta = { eventId: EventId.of('e1'), causedBy: null, occurredAt: at, recordedAt: at };
    expect(await handler.onChanged({ meta, scope, state, text: '' })).toEqual({ kind: 'done' });
    return [fleet.get(botId)?.bot.reason.code, released];
  };
  return Object.assign(say, {
    shown: () => fleet.get(botId)?.bot.reason.text ?? '',
  });
}

test('when one of two halts is released the other one is shown, and the one that is over is not', async () => {
  const say = scene();
  await say(RiskScope.bot(botId), 'halted', 1);
  await say(platform, 'halted', 2);
  expect(say.shown()).not.toContain('for the bot');
  expect(await say(platform, 'active', 3)).toEqual(['TRADING_HALTED', 0]);
  expect(say.shown()).toContain(`for the bot ${botId}`);
});

test('a word that comes again after a newer one undoes nothing', async () => {
  const say = scene();
  expect(await say(userId, 'halted', 1)).toEqual(['TRADING_HALTED', 0]);
  expect(await say(userId, 'active', 2)).toEqual(['TRADING_RELEASED', 1]);
  expect(await say(userId, 'halted', 1)).toEqual(['TRADING_RELEASED', 1]);
  expect(await say(userId, 'halted', 3)).toEqual(['TRADING_HALTED', 1]);
  expect(await say(userId, 'active', 2)).toEqual(['TRADING_HALTED', 1]);
});

test('words to the platform and to a user are of their own time, and trading goes on when no halt is left', async () => {
  const say = scene();
  await say(platform, 'halted', 5);
  expect(await say(userId, 'halted', 1)).toEqual(['TRADING_HALTED', 0]);
  expect(await say(platform, 'active', 6)).toEqual(['TRADING_HALTED', 0]);
  expect(await say(userId, 'active', 2)).toEqual(['TRADING_RELEASED', 1]);
});

test('the strictest word of everything that a bot belongs to is shown, and others’ bots are left alone', async () => {
  const say = scene();
  const [account, bot] = [RiskScope.account(config.accountId), RiskScope.bot(botId)];
  expect(await say(RiskScope.account(AccountId.of('another')), 'halted', 1)).toEqual(['RUNNING', 0]);
  expect(await say(account, 'reducing', 1)).toEqual(['TRADING_REDUCING', 0]);
  expect(await say(bot, 'halted', 2)).toEqual(['TRADING_HALTED', 0]);
  expect(await say(account, 'active', 3)).toEqual(['TRADING_HALTED', 0]);
  expect(await say(platform, 'reducing', 4)).toEqual(['TRADING_HALTED', 0]);
  expect(await say(bot, 'reducing', 5)).toEqual(['TRADING_REDUCING', 0]);
  expect(await say(bot, 'active', 6)).toEqual(['TRADING_REDUCING', 0]);
  expect(await say(platform, 'active', 7)).toEqual(['TRADING_RELEASED', 1]);
});
