import { afterEach, describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { InstrumentId, Price, RiskScope, type TradingState } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { aFeedStatus, aQuote, FakeClock } from '@scalpstorm/testkit';
import { breakerEnv } from '../../test/breaker-env.js';
import { SwitchedLease } from '../../test/handler-scene.js';
import { MemoryStates, MemoryTrips } from '../../test/memory-states.js';
import { type BreakerEnv, breakerRulesFrom } from '../domain/breaker-rules.js';
import { MarketViews } from '../domain/market-views.js';
import { Breakers } from './breakers.js';
import { WatchMarkets } from './watch-markets.js';

const btc = InstrumentId.of('sim', 'BTC-USDT');
const eth = InstrumentId.of('sim', 'ETH-USDT');
let ending: { onApplicationShutdown(): void }[] = [];
afterEach(() => {
  for (const one of ending) one.onApplicationShutdown();
  ending = [];
});

function scene(env: Partial<BreakerEnv>) {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const states = new MemoryStates(clock);
  const breakers = new Breakers(states, new MemoryTrips(), new SwitchedLease(), clock, log, new Metrics('risk-gate'));
  const market = new MarketViews();
  const watch = new WatchMarkets(market, breakers, breakerRulesFrom({ ...breakerEnv, ...env }), clock, log);
  watch.onApplicationBootstrap();
  breakers.start();
  ending.push(watch, breakers);
  const telling = () => ({ recordedAt: clock.now(), heardAt: clock.now() });
  const quote = (instrumentId: InstrumentId, price: string) => {
    const both = { bidPrice: Price.of(price), askPrice: Price.of(price) };
    market.onQuote(aQuote({ instrumentId, ...both, occurredAt: clock.now() }), telling());
  };
  const live = (...ids: readonly InstrumentId[]) => {
    for (const instrumentId of ids) market.onStatus(aFeedStatus({ instrumentId, clockOffset: 0 }), telling());
  };
  const held = () =>
    states
      .said()
      .filter(({ state }) => state !== 'active')
      .map(({ scope, by }) => `${RiskScope.format(scope)} ${by}`);
  const pass = async (seconds: number) => {
    clock.advance(seconds * second);
    watch.round();
    await breakers.round();
  };
  return { states, quote, live, held, pass };
}

describe('a market that moves too fast', () => {
  const limits = { RISK_BREAKER_PRICE_MOVE_BPS_MAX: 100, RISK_BREAKER_PRICE_MOVE_WITHIN_S: 10 };

  it('is held for the cool-down, and others are not', async () => {
    const { quote, held, pass, states } = scene(limits);
    quote(btc, '100');
    quote(eth, '100');
    await pass(5);
    quote(btc, '101');
    expect(held()).toEqual([]);
    quote(btc, '101.01');
    expect(held()).toEqual([`instrument:${btc} breaker:price-move`]);
    expect(states.own(RiskScope.instrument(btc)).text).toContain('Price move: 101 bps within 10 s, at most 100');
    await pass(300);
    expect(held()).toEqual([]);
  });

  it('is held for longer while it goes on, and not written down for every price', async () => {
    const { quote, held, pass, states } = scene(limits);
    for (let time = 0; time < 60; time += 1) {
      quote(btc, time % 2 === 0 ? '100' : '102');
      await pass(5);
    }
    expect(held()).toHaveLength(1);
    expect(states.words).toHaveLength(1);
  });

  it('is held again at once when it still does after somebody’s release, also of his own halt', async () => {
    const { quote, held, pass, states } = scene(limits);
    const say = (state: TradingState) =>
      states.set({ scope: RiskScope.instrument(btc), state, text: '', by: 'usr_risk', operator: true, ownerId: null });
    await say('halted');
    quote(btc, '100');
    quote(btc, '102');
    expect(held()).toEqual([`instrument:${btc} usr_risk`]);
    for (const price of ['100', '102']) {
      await say('active');
      await pass(2);
      quote(btc, price);
      expect(held()).toEqual([`instrument:${btc} breaker:price-move`]);
    }
  });

  it('may, while the breaker is off', async () => {
    const { quote, held } = scene({});
    quote(btc, '100');
    quote(btc, '200');
    expect(held()).toEqual([]);
  });
});

describe('a feed that is silent', () => {
  const limits = { RISK_BREAKER_FEED_STALE_S: 30, RISK_BREAKER_MARKET_COOL_DOWN_S: 60 };

  it('holds its instrument while it is, and for a while after it', async () => {
    const { live, held, pass } = scene(limits);
    live(btc, eth);
    await pass(30);
    expect(held()).toEqual([]);
    live(eth);
    await pass(1);
    expect(held()).toEqual([`instrument:${btc} breaker:feed-stale`]);
    for (let time = 0; time < 12; time += 1) {
      live(eth);
      await pass(10);
    }
    expect(held()).toHaveLength(1);
    live(btc, eth);
    for (let time = 0; time < 6; time += 1) {
      await pass(10);
      live(btc, eth);
    }
    expect(held()).toEqual([]);
  });

  it('of every instrument of a venue holds the venue', async () => {
    const { live, held, pass } = scene(limits);
    live(btc, eth);
    await pass(31);
    expect(held()).toEqual(['venue:sim breaker:feed-stale']);
  });
});
