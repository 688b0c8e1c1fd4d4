import { describe, expect, it } from '@jest/globals';
import { ok, Timestamp } from '@scalpstorm/kernel';
import { Currency, Money } from '@scalpstorm/model';
import { barBot, type ConfiguredStrategy, defineBarStrategy, noMeasures, type Strategy } from '@scalpstorm/strategies';
import fc from 'fast-check';
import { laneSummaryOf } from './lane-summary.js';
import { laneTrialOf } from './lane-trial.js';
import { balancesOf, candles, linesOf, planOf, play, refused, source, type TradeText, trades } from './scene.js';

const usdtAsset = Currency.of('USDT');
const btcAsset = Currency.of('BTC');
const flat = [105, 105, 105, 105];
const cycle = [flat, [105, 106, 99, 101], [101, 111, 101, 108]];

describe('latency', () => {
  const rows = trades(
    [0, 105, 1, 'buy'],
    [1, 99, 1, 'sell'],
    [2, 104, 1, 'buy'],
    [3, 99, 1, 'sell'],
    [4, 99, 1, 'sell'],
  );

  it('keeps an order away from what was traded before it came', async () => {
    const late = { orderLatency: { fixed: 1_500_000, spread: 0 } };
    expect(linesOf(await play(planOf({}), rows))).toEqual(['buy 1 at 100 maker, 1 s']);
    expect(linesOf(await play(planOf({}, late), rows))).toEqual(['buy 1 at 99 taker, 2 s']);
  });

  it('of prices comes before that of orders', async () => {
    const late = { orderLatency: { fixed: 1_000_000, spread: 0 }, dataLatency: { fixed: 1_500_000, spread: 0 } };
    // Heard at 1.5 s, there at 2.5 s: the trade of 3 s goes through it.
    expect(linesOf(await play(planOf({}, late), rows))).toEqual(['buy 1 at 100 maker, 3 s']);
  });

  it('of what became of an order holds up the next one', async () => {
    const bars = candles(flat, [105, 105, 99, 105], [105, 111, 105, 108], [108, 111, 105, 108]);
    const late = { dataLatency: { fixed: 25_000_000, spread: 0 } };
    expect(linesOf(await play(planOf({}), bars))[1]).toBe('sell 1 at 110 maker, 160 s');
    expect(linesOf(await play(planOf({}, late), bars))).toEqual([
      'buy 1 at 100 maker, 100 s',
      'sell 1 at 110 maker, 160 s',
    ]);
  });

  it('is drawn from the seed, and from nothing else', async () => {
    const chance = { orderLatency: { fixed: 0, spread: 3_000_000 } };
    const firsts = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const plan = planOf({}, chance, { seed });
      const [lines, again] = [linesOf(await play(plan, rows)), linesOf(await play(plan, rows))];
      expect(again).toEqual(lines);
      firsts.add(lines[0] ?? '');
    }
    expect(firsts.size).toBeGreaterThan(1);
  });
});

describe('fees', () => {
  const fees = (maker: string, taker: string, from = '0') => ({
    volumeMin: Money.of(from, 'USDT'),
    makerRate: maker,
    takerRate: taker,
  });

  it('of a buy are taken in base and of a sale in quote, as on spot', async () => {
    const run = await play(planOf({ loop: false }, { fees: [fees('0.001', '0.002')] }), candles(...cycle));
    // 1 bought for 100 is 0.999; sold at 110 it is 109.89 less 0.10989.
    expect(balancesOf(run)).toEqual({ USDT: '10009.78011', BTC: '0' });
  });

  it('in quote are taken in quote on both sides', async () => {
    const run = await play(
      planOf({ loop: false }, { fees: [fees('0.001', '0.002')], feeIn: 'quote' }),
      candles(...cycle),
    );
    expect(balancesOf(run)).toEqual({ USDT: '10009.79', BTC: '0' });
  });

  it('are of a tier from the day after its volume was traded on', async () => {
    const tiers = [fees('0.01', '0.01'), fees('0.005', '0.005', '205')];
    const day = 86_400;
    const rows = trades(
      [0, 105, 1, 'buy'],
      [1, 99, 1, 'sell'],
      [2, 111, 1, 'buy'],
      [3, 99, 1, 'sell'],
      [day + 2, 111, 1, 'buy'],
      [day + 3, 99, 1, 'sell'],
      [31 * day + 4, 111, 1, 'buy'],
    );
    const run = await play(planOf({}, { fees: tiers, feeIn: 'quote' }), rows);
    expect(run.fills.map(({ fee }) => Money.format(fee))).toEqual(['1', '1.1', '1', '0.55', '0.5', '0.55']);
  });
});

describe('funding', () => {
  const eightHours = 8 * 3_600;
  const rows = trades([0, 105, 1, 'buy'], [1, 99, 1, 'sell'], [2, 104, 1, 'buy'], [eightHours + 1, 105, 1, 'buy']);

  it('is paid by who is long, of the value at the last price', async () => {
    const run = await play(planOf({}, { market: 'perpetual', fundingRate: '0.0001' }), rows);
    expect(run.lane.funding.payments.map(({ amount }) => Money.format({ amount, currency: usdtAsset }))).toEqual([
      '-0.0104',
    ]);
    expect(balancesOf(run)).toEqual({ USDT: '9899.9896', BTC: '1' });
  });

  it('comes out of a file where there is one, and is got where the rate is below zero', async () => {
    const file = ['funding_time,funding_rate', `${1_640_995_200 + 5},-0.001`].join('\n');
    const run = await play(planOf({}, { market: 'perpetual' }), rows, source(file));
    expect(balancesOf(run)).toEqual({ USDT: '9900.104', BTC: '1' });
  });

  it('lets an account sell what it does not have, as far as its worth covers it', async () => {
    const short = { firstSide: 'sell', buyPrice: { fixed: '90' }, sellPrice: { fixed: '110' } };
    const up = candles([105, 105, 105, 105], [105, 111, 105, 105], [105, 105, 89, 95]);
    const rules = { market: 'perpetual' as const };
    expect(linesOf(await play(planOf({ ...short, loop: false }, rules), up))).toEqual([
      'sell 1 at 110 maker, 100 s',
      'buy 1 at 90 maker, 160 s',
    ]);
    const poor = await play(planOf(short, rules, { balances: [Money.of('50', 'USDT')] }), up);
    expect(poor.lane.denied[0]?.denial.code).toBe('BALANCE_INSUFFICIENT');
    const spot = await play(planOf(short), up);
    expect(spot.lane.denied[0]?.denial.code).toBe('BALANCE_INSUFFICIENT');
  });
});

describe('the gate', () => {
  it('denies what opens above a limit, and tells the bot', async () => {
    const run = await play(planOf({}, {}, { limits: { orderNotionalMax: Money.of('99', 'USDT') } }), candles(...cycle));
    expect(run.fills).toEqual([]);
    expect(run.lane.denied[0]?.denial).toMatchObject({ code: 'ORDER_NOTIONAL_ABOVE_MAXIMUM', limit: '99' });
    expect(run.orders[0]?.status).toBe('denied');
  });

  it('never keeps a bot from closing', async () => {
    // One unit is open at 105 already when the limit is reached: a sale for 110 is worth more than the limit.
    const limits = { orderNotionalMax: Money.of('105', 'USDT'), ordersPerBotMax: 1 };
    const run = await play(planOf({ loop: false }, {}, { limits }), candles(...cycle));
    expect(linesOf(run)).toEqual(['buy 1 at 100 maker, 100 s', 'sell 1 at 110 maker, 160 s']);
  });

  it('lets nobody spend what is not there', async () => {
    const run = await play(planOf({}, {}, { balances: [Money.of('99.99', 'USDT')] }), candles(...cycle));
    expect(run.lane.denied[0]?.denial.code).toBe('BALANCE_INSUFFICIENT');
  });
});

describe('a run', () => {
  const bars = fc.array(
    fc.tuple(fc.integer({ min: 85, max: 125 }), fc.nat(6), fc.nat(6), fc.integer({ min: 1, max: 50 })),
    { minLength: 5, maxLength: 60 },
  );
  const market = fc.record({
    spreadBps: fc.constantFrom(0, 5),
    liquidityShare: fc.constantFrom(null, 0.1),
    feeIn: fc.constantFrom('received' as const, 'quote' as const),
    path: fc.constantFrom('pessimistic' as const, 'optimistic' as const),
    orderLatency: fc.record({ fixed: fc.constantFrom(0, 5_000_000), spread: fc.constantFrom(0, 30_000_000) }),
  });

  it('makes no money and loses none: what the account has is what it had and its fills, to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(bars, market, async (steps, rules) => {
        const fees = [{ volumeMin: Money.of('0', 'USDT'), makerRate: '0.000333', takerRate: '0.00077' }];
        const rows = steps.map(([open, up, down, volume]) => [open, open + up, open - down, open, volume]);
        const text = candles(...rows);
        const run = await play(planOf({ stopLossPercent: '3' }, { ...rules, fees }), text);
        let [usdt, btc] = [10_000n * 10n ** 18n, 0n];
        for (const { side, price, quantity, fee } of run.fills) {
          const sign = side === 'buy' ? 1n : -1n;
          usdt -= (sign * price * quantity) / 10n ** 6n;
          btc += sign * quantity * 10n ** 6n;
          if (fee.currency === 'USDT') usdt -= fee.amount;
          else btc -= fee.amount;
        }
        expect(run.lane.wallet.total(usdtAsset)).toBe(usdt);
        expect(run.lane.wallet.total(btcAsset)).toBe(btc);
        expect(usdt >= 0n && btc >= 0n).toBe(true);
        const working = run.orders.filter(({ status }) => status === 'accepted' || status === 'partially-filled');
        if (working.length === 0 && run.orders.every(({ status }) => status !== 'sending'))
          expect(run.lane.wallet.locked(usdtAsset)).toBe(0n);
        for (const order of run.orders) {
          const filled = run.fills.filter(({ clientOrderId }) => clientOrderId === order.request.clientOrderId);
          const sum = filled.reduce((all, { quantity }) => all + quantity, 0n);
          expect(sum <= order.request.quantity).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('tells what makes bars worth less', async () => {
    const still = Array.from({ length: 60 }, () => [105, 105, 105, 105, 0]);
    const text = candles(...still).replace(/16409953\d\d,.*\n/, '');
    const run = await play(planOf({}), text);
    const { warnings } = laneSummaryOf(planOf({}), run).summary;
    expect(warnings.map(({ code }) => code)).toEqual([
      'DATA_HAS_GAPS',
      'DATA_STANDS_STILL',
      'DATA_WITHOUT_VOLUME',
      'NOT_ENOUGH_EVIDENCE',
    ]);
  });

  it('tells of a bot that had not warmed up when the data ended', async () => {
    const bot = { strategy: 'ema-cross', symbol: 'BTC-USDT', parameters: { fast: 3, slow: 8, quantity: '1' } };
    const plan = planOf({}, {}, { bots: [bot] });
    const { warnings } = laneSummaryOf(plan, await play(plan, candles(flat, flat))).summary;
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'TOO_FEW_BARS' }));
  });

  it.each([{ liquidityShare: 0.1 }, { slippage: { kind: 'square-root', factor: 1 } }] as const)(
    'over bars without a volume is refused where that is asked for: %j',
    async (rules) => {
      const text = candles([...flat, 0], [...flat, 0]);
      expect(await refused(planOf({}, rules), text)).toMatchObject({
        code: 'VOLUME_MISSING',
        text: expect.stringContaining('market.csv'),
      });
      const finer = trades([0, 105, 1, 'buy'], [1, 99, 10, 'sell'], [2, 105, 1, 'buy']);
      expect(linesOf(await play(planOf({}, rules), text, finer))).toEqual(['buy 1 at 100 maker, 1 s']);
    },
  );

  it('reckons its ratio a year by points as far apart as the data have them, and of that what it is as a trial', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, hour): TradeText => [3_600 * hour, [105, 99, 111][hour % 3] ?? 0, 1, 'buy'],
    );
    const plan = planOf({ loop: true });
    const run = await play(plan, trades(...rows));
    const { summary } = laneSummaryOf(plan, run);
    const { barsAYear, sharpePerBar } = laneTrialOf(plan, summary);
    const values = [10_000n * 10n ** 18n, ...run.lane.curve.values].map(Number);
    const returns = values.slice(1).map((value, at) => value / (values[at] as number) - 1);
    const mean = returns.reduce((sum, one) => sum + one, 0) / returns.length;
    const squares = returns.reduce((sum, one) => sum + (one - mean) ** 2, 0);
    // From the end of the first minute to the last row: 39 steps, an hour each but for one.
    const pointsAYear = (39 * 525_600) / (39 * 60 - 1);
    const sharpe = (mean / Math.sqrt(squares / (returns.length - 1))) * Math.sqrt(pointsAYear);
    expect(summary.sharpe).toBeCloseTo(sharpe, 6);
    expect(barsAYear).toBe(525_600);
    expect(sharpePerBar).toBeCloseTo(sharpe / Math.sqrt(525_600), 6);
  });

  it('gives the same bytes twice', async () => {
    const rows = Array.from({ length: 200 }, (_, at): TradeText => {
      return [at, Math.round(100 * (105 + 8 * Math.sin(at / 9))) / 100, 1, 'buy'];
    });
    const told = async () => {
      const plan = planOf({}, { orderLatency: { fixed: 1_000, spread: 2_000_000 } });
      const run = await play(plan, trades(...rows));
      return JSON.stringify({ ...laneSummaryOf(plan, run), lines: linesOf(run) });
    };
    const first = await told();
    expect(JSON.parse(first).summary.fills).toBeGreaterThan(4);
    expect(await told()).toBe(first);
  });
});

describe('a strategy that runs away', () => {
  it('ends the run where its rule over bars throws, as its bot ends live', async () => {
    const rule = defineBarStrategy({
      id: 'thrower',
      title: 'Thrower',
      description: 'Throws at its second bar.',
      source: 'Nowhere.',
      parameters: {},
      warmUp: () => 1,
      decider: () => ({
        onClose: ({ index }) => {
          if (index > 0) throw new Error('planted');
        },
        snapshot: () => ({}),
        restore: () => undefined,
      }),
    });
    const bots = [{ strategy: 'thrower', parameters: { quantity: '1' }, symbol: 'BTC-USDT' }];
    const plan = planOf({}, {}, { bots, strategies: new Map([['thrower', barBot(rule)]]) });
    expect(await refused(plan, candles(flat, flat, flat))).toMatchObject({
      code: 'STRATEGY_THREW',
      text: expect.stringMatching(/^thrower on BTC-USDT .*: Error: planted$/),
    });
  });

  const stoppedBy = async (step: ConfiguredStrategy['step']): Promise<string> => {
    const configured = { warnings: [], measures: noMeasures, init: () => ({}), heedsMarket: () => true, step };
    const runaway: Strategy = {
      id: 'runaway',
      title: '',
      description: '',
      schema: {},
      configure: () => ok(configured),
    };
    const bots = [{ strategy: 'runaway', parameters: {}, symbol: 'BTC-USDT' }];
    return (await refused(planOf({}, {}, { bots, strategies: new Map([[runaway.id, runaway]]) }), candles(...cycle)))
      .text;
  };

  it('is stopped and named when it wakes itself at one moment again and again', async () => {
    const text = await stoppedBy((state, _event, { now }) => ({ state, effects: [{ kind: 'wait-until', at: now }] }));
    expect(text).toContain('runaway on BTC-USDT (bot_00000001) at 2022-01-01T00:00:00.000Z: 10000 steps at one moment');
  });

  it('is stopped when it wakes itself without end between two rows', async () => {
    const text = await stoppedBy((state, _event, { now }) => ({
      state,
      effects: [{ kind: 'wait-until', at: Timestamp.plus(now, 1) }],
    }));
    expect(text).toContain('1000000 steps between two rows of data');
  });

  it('is stopped when one step wants too much', async () => {
    const log = { kind: 'log', level: 'INFO', code: 'X', text: '', data: {} } as const;
    expect(await stoppedBy((state) => ({ state, effects: Array.from({ length: 1_001 }, () => log) }))).toContain(
      '1001 effects in one step',
    );
  });

  it('is named with what it threw', async () => {
    const text = await stoppedBy(() => {
      throw new TypeError('no such thing');
    });
    expect(text).toContain('runaway on BTC-USDT (bot_00000001) at 2022-01-01T00:00:00.000Z: TypeError: no such thing');
  });
});

describe('a strategy that can not be run', () => {
  it.each([
    ['UNKNOWN_STRATEGY', { bots: [{ strategy: 'nonsense', parameters: {}, symbol: 'BTC-USDT' }] }],
    ['INVALID_PARAMETERS', { bots: [{ strategy: 'scalping-cycle', parameters: {}, symbol: 'BTC-USDT' }] }],
    ['NO_DATA', { bots: [{ strategy: 'scalping-cycle', parameters: {}, symbol: 'ETH-USDT' }] }],
    ['NO_BOTS', { bots: [] }],
  ])('is refused by name: %s', async (code, more) => {
    expect((await refused(planOf({}, {}, more), candles(...cycle))).code).toBe(code);
  });
});
