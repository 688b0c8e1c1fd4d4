import { afterEach, describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, Currency, type Mode, Money, Price, RiskScope, VenueId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { aBalance, aTrade } from '@scalpstorm/testkit';
import { breakerEnv } from '../../test/breaker-env.js';
import { gateScene, settingsOf, wish } from '../../test/gate-scene.js';
import { SwitchedLease } from '../../test/handler-scene.js';
import { MemoryStates, MemoryTrips } from '../../test/memory-states.js';
import { AccountWorth } from '../domain/account-worth.js';
import { type BreakerEnv, breakerRulesFrom } from '../domain/breaker-rules.js';
import { MarketViews } from '../domain/market-views.js';
import { EquityPeaks, type KeptCount } from '../ports/equity-peaks.js';
import { Breakers } from './breakers.js';
import { WatchEquity } from './watch-equity.js';

const demo = AccountId.of('demo');
const venue = VenueId.of('sim');
let ending: { onApplicationShutdown(): void }[] = [];
afterEach(() => {
  for (const one of ending) one.onApplicationShutdown();
  ending = [];
});

class MemoryPeaks extends EquityPeaks {
  readonly kept = new Map<string, KeptCount>();
  writes = 0;
  async load() {
    return [...this.kept.values()];
  }
  async keep(count: KeptCount) {
    this.writes += 1;
    this.kept.set(RiskScope.format(count.scope), count);
  }
}

function scene(env: Partial<BreakerEnv>, peaks = new MemoryPeaks()) {
  const { gate, clock } = gateScene();
  const log = new RecordingLog();
  const states = new MemoryStates(clock);
  const breakers = new Breakers(states, new MemoryTrips(), new SwitchedLease(), clock, log, new Metrics('risk-gate'));
  breakers.start();
  const [worth, market] = [new AccountWorth(), new MarketViews()];
  const rules = breakerRulesFrom({ ...breakerEnv, ...env });
  const watch = new WatchEquity(worth, market, gate, peaks, breakers, rules, settingsOf({}), clock, log);
  ending.push(watch, breakers);
  const price = (text: string) => {
    const telling = { recordedAt: clock.now(), heardAt: clock.now() };
    market.onTrade(aTrade({ price: Price.of(text), occurredAt: clock.now() }), telling);
  };
  const has = (usdt: string, btc: string, id = demo, mode: Mode = 'demo') =>
    worth.note({ id, venue, mode }, [
      aBalance({ free: Money.of(usdt, 'USDT') }),
      aBalance({ currency: Currency.of('BTC'), free: Money.of('0', 'BTC'), locked: Money.of(btc, 'BTC') }),
    ]);
  const held = () =>
    states
      .said()
      .filter(({ state }) => state !== 'active')
      .map(({ scope, by }) => `${RiskScope.format(scope)} ${by}`);
  const pass = async (seconds = 1) => {
    clock.advance(seconds * second);
    await watch.round();
    await breakers.round();
  };
  return { gate, states, peaks, price, has, held, pass };
}

describe('the equity of an account', () => {
  const limits = { RISK_BREAKER_ACCOUNT_DRAWDOWN_BPS_MAX: 1_000 };

  it('holds it when it is too far below its highest, at marks, and free or not', async () => {
    const { price, has, held, pass, states } = scene(limits);
    price('50000');
    has('10000', '0');
    await pass();
    has('5000', '0.1');
    await pass();
    price('40000');
    await pass();
    expect(held()).toEqual([]);
    has('4999', '0.1');
    await pass();
    expect(held()).toEqual(['account:demo breaker:drawdown']);
    const text = 'Drawdown: 8999 USDT of 10000 USDT, 1001 bps below the highest, at most 1000';
    expect(states.own(RiskScope.account(demo)).text).toContain(text);
  });

  it('is measured from where it was when it tripped: what was taken out trips it once', async () => {
    const { has, held, pass } = scene(limits);
    has('10000', '0');
    await pass();
    has('1000', '0');
    await pass();
    expect(held()).toHaveLength(1);
    await pass(3_600);
    expect(held()).toEqual([]);
    has('950', '0');
    await pass();
    expect(held()).toEqual([]);
    has('890', '0');
    await pass();
    expect(held()).toHaveLength(1);
  });

  it('is what it was before a restart, and is not counted before what it holds has a price again', async () => {
    const { peaks, price, has, pass } = scene(limits);
    price('50000');
    has('5000', '0.1');
    await pass();
    const next = scene(limits, peaks);
    next.has('5000', '0.1');
    await next.pass();
    expect(next.held()).toEqual([]);
    next.price('25000');
    await next.pass();
    expect(next.held()).toEqual(['account:demo breaker:drawdown']);
  });

  it('is written when its peak moves, and every five seconds at most', async () => {
    const { peaks, has, pass } = scene(limits);
    for (let usdt = 1_000; usdt < 1_020; usdt += 1) {
      has(String(usdt), '0');
      await pass();
    }
    expect(peaks.writes).toBe(4);
  });
});

it('the equity of a user is that of his live accounts together', async () => {
  const { gate, has, held, pass } = scene({ RISK_BREAKER_USER_LIVE_DRAWDOWN_BPS_MAX: 1_000 });
  const [first, other, shared] = [AccountId.of('first'), AccountId.of('other'), AccountId.of('shared')];
  for (const accountId of [first, other]) gate.noteBalances(accountId, [aBalance()], gateScene().clock.now());
  for (const accountId of [first, other]) gate.judge(wish({ accountId, mode: 'live' }));
  has('6000', '0', first, 'live');
  has('4000', '0', other, 'live');
  has('9000', '0', shared, 'live');
  await pass();
  has('5000', '0', first, 'live');
  has('1', '0', shared, 'live');
  await pass();
  expect(held()).toEqual([]);
  has('3999', '0', other, 'live');
  await pass();
  expect(held()).toEqual([`user:${wish().userId} breaker:drawdown`]);
});
