import { describe, expect, test } from '@jest/globals';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import { type BotId, type Cycle, InstrumentId, Money, Price } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { StoreUnavailable } from '@scalpstorm/store';
import { type ConfiguredStrategy, noMeasures } from '@scalpstorm/strategies';
import { aBot, aCycle, anInstrument, aTrade, FakeClock } from '@scalpstorm/testkit';
import { MemoryBotStore } from '../../test/memory-bot-store.js';
import { MemoryMarket } from '../adapters/memory-market.js';
import { newMemory } from '../domain/memory.js';
import { isUnvalued } from '../domain/third-currency-fees.js';
import { Directory } from '../ports/directory.js';
import { type CyclePlace, UnvaluedCycles } from '../ports/unvalued-cycles.js';
import { Fleet } from './fleet.js';
import { OrderSender } from './order-sender.js';
import { ValueFees } from './value-fees.js';

const still: ConfiguredStrategy = {
  warnings: [],
  measures: noMeasures,
  init: () => ({}),
  heedsMarket: () => false,
  step: (state) => ({ state, effects: [] }),
};

/** Knows the last prices that a test gives it, and counts the questions. */
class PricedDirectory extends Directory {
  readonly prices = new Map<string, Price>();
  readonly asked: string[] = [];

  async instrument() {
    return null;
  }
  knownInstrument() {
    return null;
  }
  async refresh() {}
  symbols() {
    return [];
  }
  async lastPrice(id: InstrumentId) {
    this.asked.push(id);
    return this.prices.get(id) ?? null;
  }
  async accounts() {
    return [];
  }
}

/** The pairs as they are written, with what was amended since. */
class WrittenCycles extends UnvaluedCycles {
  constructor(
    private readonly written: readonly Cycle[],
    private readonly store: MemoryBotStore,
  ) {
    super();
  }

  async page(after: CyclePlace | null, most: number): Promise<readonly Cycle[]> {
    const amended = new Map(this.store.committed.flatMap((change) => change.amended).map((one) => [one.number, one]));
    const now = this.written.map((cycle) => amended.get(cycle.number) ?? cycle);
    return now.filter((cycle) => isUnvalued(cycle) && cycle.number > (after?.number ?? -1)).slice(0, most);
  }
}

const fee = (amount: string, currency = 'BNB') => ({ fee: Money.of(amount, currency), value: null, priced: null });
const bnb = InstrumentId.of('sim', 'BNB-USDT');

function world(cycles: readonly Cycle[]) {
  const [clock, log, store, market] = [new FakeClock(), new RecordingLog(), new MemoryBotStore(), new MemoryMarket()];
  const { bus } = new MemoryBus({ broker: new MemoryBroker(), speaker: 'strategy' });
  const directory = new PricedDirectory();
  const orders = new OrderSender(bus, { isHeld: true }, clock, log);
  const fleet = new Fleet(orders, store, market, directory, clock, log, new Metrics('strategy'));
  const bot = aBot();
  fleet.join(bot, newMemory({}), { configured: still, instrument: anInstrument() });
  const fees = new ValueFees(new WrittenCycles(cycles, store), fleet, market, directory, clock, log);
  const totalsOf = (botId: BotId) => fleet.get(botId)?.bot.totals;
  return { clock, log, store, market, directory, fleet, bot, fees, totals: () => totalsOf(bot.id) };
}

describe('fees in a third currency that had no price', () => {
  test('wait until market-data knows one; then pair, totals and owner have it, with price and time', async () => {
    const cycle = aCycle({ number: 4, otherFees: [fee('0.01')] });
    const { clock, store, directory, bot, fees, totals } = world([cycle]);
    await fees.round();
    expect(store.committed).toEqual([]);
    directory.prices.set(bnb, Price.of('600'));
    await fees.round();
    const [change, ...more] = store.committed;
    expect(more).toEqual([]);
    const value = Money.of('6', 'USDT');
    const net = Money.minus(cycle.net, value);
    expect(change).toMatchObject({
      visible: true,
      cycles: [],
      amended: [
        {
          number: 4,
          net,
          fees: Money.plus(cycle.fees, value),
          otherFees: [{ value, priced: { price: Price.of('600'), at: clock.now() } }],
        },
      ],
      activities: [{ code: 'FEES_VALUED', botId: bot.id }],
    });
    expect(change?.activities[0]?.text).toMatch(
      /of cycle 5 are valued now: 0\.01 BNB at 600 USDT of 2023-11-14T22:13:20/,
    );
    expect(totals()).toMatchObject({
      pnl: Money.minus(bot.totals.pnl, value),
      fees: Money.plus(bot.totals.fees, value),
      cycles: bot.totals.cycles,
    });
    expect(change?.stored.bot.version).toBe(bot.version + 1);
  });

  test('are valued once, at the newest trade that was heard, however old, and nobody is asked then', async () => {
    const { clock, store, market, directory, fees } = world([aCycle({ otherFees: [fee('0.01')] })]);
    const trade = aTrade({ instrumentId: bnb, price: Price.of('590'), occurredAt: clock.now() });
    market.onTrade(trade, { recordedAt: clock.now(), heardAt: clock.now() });
    clock.advance(3_600_000_000);
    for (let round = 0; round < 3; round += 1) await fees.round();
    expect(store.committed.flatMap(({ amended }) => amended.map(({ otherFees }) => otherFees[0]?.priced))).toEqual([
      { price: Price.of('590'), at: trade.occurredAt },
    ]);
    expect(directory.asked).toEqual([]);
  });

  test('ask for a price once, however many pairs wait, and stay apart where there is none', async () => {
    const cycles = [0, 1, 2].map((number) => aCycle({ number, otherFees: [fee('0.01'), fee('1', 'XYZ')] }));
    const { store, directory, fees } = world(cycles);
    directory.prices.set(bnb, Price.of('600'));
    await fees.round();
    expect(directory.asked.sort()).toEqual(['sim:BNB-USDT', 'sim:XYZ-USDT']);
    const amended = store.committed.flatMap((change) => change.amended);
    expect(amended.map(({ otherFees }) => otherFees.map(({ value }) => value && Money.format(value)))).toEqual(
      cycles.map(() => ['6', null]),
    );
  });

  test('of pairs that nobody can value keep no later pair from its turn', async () => {
    const cycles = Array.from({ length: 150 }, (_, number) =>
      aCycle({ number, otherFees: [fee('1', number < 120 ? 'XYZ' : 'BNB')] }),
    );
    const { store, directory, fees } = world(cycles);
    directory.prices.set(bnb, Price.of('600'));
    await fees.round();
    await fees.round();
    expect(store.committed.flatMap(({ amended }) => amended)).toHaveLength(30);
  });

  test('are not valued a second time while the first is not written', async () => {
    const { store, directory, fees, bot, totals } = world([aCycle({ otherFees: [fee('0.01')] })]);
    directory.prices.set(bnb, Price.of('600'));
    store.hold();
    store.failWith(new StoreUnavailable('down'));
    const first = fees.round();
    await fees.round();
    store.failWith(null);
    store.release();
    await first;
    await fees.round();
    expect(totals()?.pnl).toEqual(Money.minus(bot.totals.pnl, Money.of('6', 'USDT')));
    expect(store.committed.flatMap(({ amended }) => amended)).toHaveLength(1);
  });
});
