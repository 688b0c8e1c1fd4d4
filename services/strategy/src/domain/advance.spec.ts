import { describe, expect, test } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import {
  ClientOrderId,
  type Currency,
  type JsonObject,
  Money,
  type ObservedState,
  Price,
  Quantity,
} from '@scalpstorm/model';
import { type ConfiguredStrategy, type Effect, noMeasures, type StrategyEvent } from '@scalpstorm/strategies';
import { aBot, aCycle, aFill, anInstrument, anOrder, anOrderRequest, aQuote } from '@scalpstorm/testkit';
import { advance, type LiveBot, live, type Surroundings, wish } from './advance.js';
import { newMemory } from './memory.js';

const now = Timestamp.fromMicros(2_000_000);
const later = Timestamp.fromMicros(3_000_000);
const reason = { code: 'WHY', text: 'because' };
const clientOrderId = anOrderRequest().clientOrderId;
const tick: StrategyEvent = { kind: 'tick' };
const start: LiveBot = { bot: aBot({ version: 4 }), memory: newMemory({ step: 0 }), wakeAt: null };

interface Script {
  readonly effects?: readonly Effect[];
  readonly state?: JsonObject;
}

/** A strategy that does what the test says and keeps what it was asked. */
function scripted({ effects = [], state }: Script) {
  const heard: unknown[][] = [];
  const configured: ConfiguredStrategy = {
    warnings: [],
    measures: noMeasures,
    init: () => ({}),
    heedsMarket: () => true,
    step: (before, event, context) => {
      heard.push([event.kind, context]);
      return { state: state ?? before, effects };
    },
  };
  const around: Surroundings = {
    configured,
    instrument: anInstrument(),
    quote: aQuote(),
    trade: null,
    vwap: null,
    prediction: null,
    funds: null,
    atr: null,
    priceOf,
    now,
  };
  return { around, heard };
}

/** One BNB is worth 600; of nothing else a price is known. */
const priceOf = (currency: Currency) => (currency === 'BNB' ? { price: Price.of('600'), at: now } : null);

const run = (script: Script, event: StrategyEvent = tick, before = start) =>
  advance(before, event, scripted(script).around);

describe('one event through one bot', () => {
  test('nothing happened: the very same bot and memory, and nothing to write', () => {
    const advanced = run({});
    expect(advanced).toMatchObject({ changed: false, visible: false, placements: [], cancels: [] });
    expect(advanced.live.bot).toBe(start.bot);
    expect(advanced.live.memory).toBe(start.memory);
  });

  test('the strategy is told the time, the market and the instrument, and nothing else', () => {
    const { around, heard } = scripted({});
    advance(start, tick, around);
    const { instrument, quote } = around;
    const { id: botId, config } = start.bot;
    expect(heard).toEqual([
      [
        'tick',
        {
          botId,
          mode: config.mode,
          instrument,
          now,
          quote,
          trade: null,
          vwap: null,
          atr: null,
          prediction: null,
          bars: null,
          funds: null,
          position: null,
        },
      ],
    ]);
  });

  test('what only the strategy remembers is written and nobody is told', () => {
    const advanced = run({ state: { step: 1 } });
    expect(advanced).toMatchObject({ changed: true, visible: false });
    expect(advanced.live.memory.strategy).toEqual({ step: 1 });
    expect(advanced.live.bot.version).toBe(4);
  });

  test('an order is completed with user, account, mode and instrument', () => {
    const { side, type, quantity, price, timeInForce, purpose } = anOrderRequest();
    const slot = { botId: start.bot.id, cycle: 0, leg: 'entry', attempt: 0 } as const;
    const order = { slot, clientOrderId, side, type, quantity, price, timeInForce, purpose };
    const { placements } = run({ effects: [{ kind: 'place', order, ask: 2 }] });
    expect(placements).toEqual([{ request: anOrderRequest(), ask: 2 }]);
  });

  test('cancels and words for people are passed on', () => {
    const data = { leg: 'entry' };
    const advanced = run({
      effects: [
        { kind: 'cancel', clientOrderId, reason: 'stop' },
        { kind: 'log', level: 'WARNING', ...reason, data },
      ],
    });
    expect(advanced).toMatchObject({ changed: true, visible: false, cancels: [{ clientOrderId, reason: 'stop' }] });
    const { id: botId, userId } = start.bot;
    expect(advanced.activities).toEqual([{ level: 'WARNING', ...reason, data, botId, userId }]);
  });

  test('a completed cycle moves the totals and makes one new version, however much happened', () => {
    const effects: Effect[] = [0, 1].map((number) => ({
      kind: 'cycle-completed',
      cycle: aCycle({ number }),
    }));
    const { live: after, cycles, visible } = run({ effects });
    expect(cycles.map(({ number }) => number)).toEqual([0, 1]);
    expect(visible).toBe(true);
    expect(after.bot.version).toBe(5);
    const { totals } = after.bot;
    expect([totals.cycles, Money.format(totals.pnl), Money.format(totals.fees)]).toEqual([2, '1.6', '0.4']);
  });

  test('a fee in a third currency is taken off the net where its price is known, and stays apart where it is not', () => {
    const fees = [Money.of('0.001', 'BNB'), Money.of('5', 'XYZ')];
    const cycle = aCycle({ otherFees: fees.map((fee) => ({ fee, value: null, priced: null })) });
    const { live: after, cycles } = run({ effects: [{ kind: 'cycle-completed', cycle }] });
    expect(cycles[0]?.otherFees.map(({ value }) => value)).toEqual([Money.of('0.6', 'USDT'), null]);
    expect(cycles[0]?.otherFees.map(({ priced }) => priced)).toEqual([{ price: Price.of('600'), at: now }, null]);
    expect(cycles[0]?.net).toEqual(Money.minus(cycle.net, Money.of('0.6', 'USDT')));
    expect(cycles[0]?.fees).toEqual(Money.plus(cycle.fees, Money.of('0.6', 'USDT')));
    expect(after.bot.totals.pnl).toEqual(cycles[0]?.net);
    expect(after.bot.totals.fees).toEqual(cycles[0]?.fees);
  });

  test('a milestone is one line of the log, unless the strategy said it itself', () => {
    const codes = (effects: Effect[]) => run({ effects }).activities.map(({ level, code }) => `${level} ${code}`);
    expect(codes([{ kind: 'reached', milestone: 'finished', reason }])).toEqual(['SUCCESS BOT_FINISHED']);
    expect(codes([{ kind: 'reached', milestone: 'started', reason }])).toEqual([]);
    const said: Effect = { kind: 'log', level: 'ERROR', ...reason, data: {} };
    expect(codes([said, { kind: 'reached', milestone: 'failed', reason }])).toEqual(['ERROR WHY']);
  });

  test('a milestone changes the life of the bot; one that says nothing new writes nothing', () => {
    const paused = run({ effects: [{ kind: 'reached', milestone: 'finished', reason }] });
    expect(paused.live.bot).toMatchObject({ desired: 'stopped', observed: 'stopped', reason, since: now, version: 5 });
    const again = run({ effects: [{ kind: 'reached', milestone: 'started', reason }] });
    expect(again).toMatchObject({ changed: false, visible: false });
  });

  test('a wake-up stays until it is due, and a later one replaces it', () => {
    const asked = run({ effects: [{ kind: 'wait-until', at: later }] });
    expect(asked.live.wakeAt).toBe(later);
    expect(run({}, tick, asked.live).live.wakeAt).toBe(later);
    const { around } = scripted({});
    expect(advance(asked.live, tick, { ...around, now: later }).live.wakeAt).toBeNull();
  });

  test('a fill moves what is held; the same version again does not even reach the strategy', () => {
    const filledQuantity = Quantity.of('0.01');
    const order = anOrder({ status: 'filled', filledQuantity, version: 3 });
    const event: StrategyEvent = { kind: 'order-changed', order, fill: aFill() };
    const first = run({}, event);
    expect(first.live.bot.totals).toMatchObject({ fills: 1, held: filledQuantity });
    const { around, heard } = scripted({ state: { step: 9 } });
    const second = advance(first.live, event, around);
    expect(heard).toEqual([]);
    expect(second).toMatchObject({ changed: false, live: first.live });
  });

  test('a version without news for the totals is remembered, so that a repeat is known', () => {
    const event: StrategyEvent = { kind: 'order-changed', order: anOrder({ version: 2 }), fill: null };
    const { changed, visible, live: after } = run({}, event);
    expect([changed, visible]).toEqual([true, false]);
    expect(after.memory.orders).toMatchObject([{ id: clientOrderId, version: 2 }]);
  });

  test('a sale lessens what is held', () => {
    const request = anOrderRequest({
      side: 'sell',
      clientOrderId: ClientOrderId.forSlot({ botId: start.bot.id, cycle: 0, leg: 'exit', attempt: 0 }),
    });
    const order = anOrder({ request, filledQuantity: Quantity.of('0.004'), version: 1 });
    const { bot } = run({}, { kind: 'order-changed', order, fill: aFill({ quantity: Quantity.of('0.004') }) }).live;
    expect(Quantity.format(bot.totals.held)).toBe('-0.004');
  });
});

describe('the life of a bot that a user commands', () => {
  test('the very same bot when nothing changes, a refusal when it makes no sense', () => {
    const bot = aBot();
    expect(live(bot, { kind: 'start' }, now)).toEqual({ ok: true, bot });
    expect(live(aBot({ observed: 'stopped' }), { kind: 'pause' }, now)).toMatchObject({
      ok: false,
      error: { code: 'BOT_NOT_RUNNING' },
    });
  });

  test.each([
    ['running', 'starting', 'started'],
    ['running', 'running', 'started'],
    ['paused', 'pausing', 'paused'],
    ['paused', 'paused', 'paused'],
    ['stopped', 'stopping', 'stop-asked'],
    ['stopped', 'flattening', 'flatten-asked'],
    ['stopped', 'stopped', undefined],
    ['stopped', 'error', undefined],
  ] as const)('wanted %s and found %s, it hears %s after a restart', (desired, observed, heard) => {
    expect(wish(aBot({ desired, observed: observed as ObservedState }))?.kind).toBe(heard);
  });
});
