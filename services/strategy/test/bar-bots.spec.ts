import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type BotId, type Candle, ClientOrderId, type Leg, Price, Quantity } from '@scalpstorm/model';
import { anInstrument, aQuote, describeWithServers, eventually } from '@scalpstorm/testkit';
import { configOf, StrategyWorld } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

const id = (botId: BotId, leg: Leg, cycle = 0) => ClientOrderId.forSlot({ botId, cycle, leg, attempt: 0 });
const parameters = { quantity: '0.01', timeframe: '1s', fast: 1, slow: 3 };
const config = configOf({ strategy: 'ema-cross', parameters });
const instrumentId = anInstrument().id;
const everyMs = 50;
const historyBars = 20;
const patience = { timeoutMs: 60_000 };

describeWithServers('a bot that decides at the close of bars', (servers) => {
  let world: StrategyWorld;
  let venue: VenueOrders;
  let timer: NodeJS.Timeout;
  /** By how much each second closes above the one before. */
  let slope: number;
  /** Whether a bar that closes is told; market-data has it either way. */
  let told: boolean;
  /** Whether seconds close at all. */
  let closes: boolean;
  let price: number;

  beforeEach(async () => {
    [slope, told, closes, price] = [0, true, true, 50_000];
    world = await StrategyWorld.open(servers);
    venue = new VenueOrders((order, event) => world.others.tell(order, event));
    await world.startService();
    timer = setInterval(tell, everyMs);
  });

  afterEach(async () => {
    clearInterval(timer);
    await world?.close();
  });

  /** The price of the moment, and the bar of every second that is over. */
  function tell(): void {
    const { others } = world;
    const occurredAt = others.now();
    const prices = { bidPrice: Price.of(`${price}`), askPrice: Price.of(`${price}.01`) };
    others.quote(aQuote({ instrumentId, ...prices, occurredAt }));
    if (!closes) return;
    const over = Math.floor(occurredAt / second) - 1;
    const from = others.candles.at(-1)?.openedAt ?? (over - 1) * second;
    for (let number = from / second + 1; number <= over; number += 1) {
      price += slope;
      const bar = barOf(number);
      others.candles = [...others.candles, bar];
      if (told) others.candle(bar);
    }
  }

  function barOf(number: number): Candle {
    const close = Price.of(`${price}`);
    const prices = { open: close, high: close, low: close, close };
    const openedAt = Timestamp.fromMicros(number * second);
    return { instrumentId, timeframe: '1s', openedAt, ...prices, volume: Quantity.of('1'), trades: 1, closed: true };
  }

  /** Market-data knows so many flat bars up to now. */
  function history(count: number): void {
    const over = Math.floor(world.others.now() / second) - 1;
    world.others.candles = Array.from({ length: count }, (_, place) => barOf(over - count + 1 + place));
  }

  const reasonOf = async (botId: BotId) => (await world.seen(botId))?.reason.code;
  const entries = () => world.others.requestedIds().filter((one) => ClientOrderId.slotOf(one)?.leg === 'entry');

  async function bought(): Promise<BotId> {
    history(historyBars);
    const { id: botId } = await world.started(config);
    slope = 10;
    const entry = await world.others.requested(id(botId, 'entry'));
    expect(entry).toMatchObject({ purpose: 'open', side: 'buy', timeInForce: 'IOC' });
    await venue.accept(entry);
    await venue.fill(entry);
    return botId;
  }

  it('warms up on history, buys when the averages cross, and sells when they cross again', async () => {
    const botId = await bought();
    slope = -10;
    const exit = await world.others.requested(id(botId, 'exit'));
    expect(exit).toMatchObject({ purpose: 'close', side: 'sell', type: 'market' });
    await venue.accept(exit);
    await venue.fill(exit);
    await eventually(async () => expect(await world.cycles()).toMatchObject([{ cycle: { exit: 'signal' } }]), patience);
    // Once, and again where an answer or a bar is late; not for each bar.
    expect(world.others.candlesAsked).toBeLessThan(world.others.candles.length - historyBars);
    slope = 10;
    await world.others.requested(id(botId, 'entry', 1));
  });

  it('asks for a bar that was lost on its way, and hears it in its turn', async () => {
    const botId = await bought();
    told = false;
    slope = -10;
    const { candlesAsked } = world.others;
    const lost = world.others.candles.length;
    await eventually(() => expect(world.others.candles.length).toBeGreaterThan(lost), patience);
    told = true;
    await world.others.requested(id(botId, 'exit'));
    expect(world.others.candlesAsked).toBeGreaterThan(candlesAsked);
  });

  it('stands still without bars, says so, and goes on when they are there', async () => {
    closes = false;
    world.others.marketData = true;
    const { id: botId } = await world.started(config);
    await eventually(async () => expect(await reasonOf(botId)).toBe('WAITS_FOR_BARS'), patience);
    expect(entries()).toEqual([]);
    closes = true;
    slope = 10;
    await world.others.requested(id(botId, 'entry'));
    await eventually(async () => expect(await reasonOf(botId)).toBe('BARS_HEARD'), patience);
    const codes = (await world.activities()).map(({ level, code }) => `${level} ${code}`);
    expect(codes).toContain('INFO WAITS_FOR_BARS');
    expect(codes.filter((line) => line.startsWith('WARNING'))).toEqual([]);
  });

  it('goes on after a restart: nothing is bought twice, and what is held is sold', async () => {
    const botId = await bought();
    await world.settled();
    await world.restartService();
    await eventually(async () => expect((await world.seen(botId))?.observed).toBe('running'), patience);
    const heard = world.others.candles.length;
    await eventually(() => expect(world.others.candles.length).toBeGreaterThan(heard + 1), patience);
    expect(entries()).toEqual([id(botId, 'entry')]);
    slope = -10;
    await world.others.requested(id(botId, 'exit'));
  });

  it('sells at its stop while no bar comes', async () => {
    history(historyBars);
    const { id: botId } = await world.started({ ...config, parameters: { ...parameters, stopLossPercent: '1' } });
    slope = 10;
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    await venue.fill(entry);
    closes = false;
    await world.settled();
    price = 49_000;
    await world.others.requested(id(botId, 'exit'));
    await eventually(
      async () => expect((await world.activities()).map(({ code }) => code)).toContain('STOP_LOSS'),
      patience,
    );
  });
});
