import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type BotId, ClientOrderId, type Leg, Price } from '@scalpstorm/model';
import { anInstrument, aQuote, describeWithServers, eventually } from '@scalpstorm/testkit';
import { configOf, StrategyWorld } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

const id = (botId: BotId, leg: Leg, cycle = 0) => ClientOrderId.forSlot({ botId, cycle, leg, attempt: 0 });
const parameters = { quantity: '0.01', holdSeconds: 1, coolDownSeconds: 0, marginBps: '1', exitOnOpposite: false };
const everyMs = 50;

describeWithServers('a bot that trades on a model', (servers) => {
  let world: StrategyWorld;
  let venue: VenueOrders;
  let timer: NodeJS.Timeout;
  /** Whether the inference service speaks. */
  let speaks = false;

  beforeEach(async () => {
    world = await StrategyWorld.open(servers);
    venue = new VenueOrders((order, event) => world.others.tell(order, event));
    await world.startService();
    timer = setInterval(tell, everyMs);
  });

  afterEach(async () => {
    clearInterval(timer);
    speaks = false;
    await world?.close();
  });

  function tell(): void {
    const occurredAt = world.others.now();
    const instrumentId = anInstrument().id;
    const prices = { bidPrice: Price.of('50000'), askPrice: Price.of('50000.01') };
    world.others.quote(aQuote({ instrumentId, ...prices, occurredAt }));
    if (!speaks) return;
    const up = { probability: 0.9, winBps: 80, lossBps: 60 };
    const validUntil = Timestamp.plus(occurredAt, second);
    const model = { model: 'direction', version: '1' };
    world.others.predict({
      instrumentId,
      ...model,
      up,
      down: { ...up, probability: 0.1 },
      horizon: 8e6,
      occurredAt,
      validUntil,
    });
  }

  const reasonOf = async (botId: BotId) => (await world.seen(botId))?.reason.code;
  const opening = () => {
    const opened = world.others.requests.filter(({ order }) => order.purpose === 'open');
    return new Set(opened.map(({ order }) => order.clientOrderId)).size;
  };

  it('stands still without it, says so, closes what it holds, and trades again when it is back', async () => {
    const { id: botId } = await world.started(configOf({ strategy: 'model-signal', parameters }));
    await eventually(async () => expect(await reasonOf(botId)).toBe('WAITS_FOR_MODEL'));
    expect(world.others.requests).toEqual([]);

    speaks = true;
    const entry = await world.others.requested(id(botId, 'entry'));
    expect(entry).toMatchObject({ purpose: 'open', side: 'buy', timeInForce: 'IOC' });
    await eventually(async () => expect(await reasonOf(botId)).toBe('MODEL_ANSWERS'));

    speaks = false;
    await venue.accept(entry);
    await venue.fill(entry);
    const exit = await world.others.requested(id(botId, 'exit'));
    expect(exit).toMatchObject({ purpose: 'close', side: 'sell', type: 'market' });
    await eventually(async () => expect(await reasonOf(botId)).toBe('WAITS_FOR_MODEL'));
    await venue.accept(exit);
    await venue.fill(exit);
    await eventually(async () => expect(await world.cycles()).toMatchObject([{ cycle: { exit: 'time' } }]));
    const closedAt = world.others.now();
    await eventually(() => expect(world.others.now()).toBeGreaterThan(closedAt + 2 * second), { timeoutMs: 60_000 });
    expect(opening()).toBe(1);

    speaks = true;
    await world.others.requested(id(botId, 'entry', 1));
    await eventually(async () => expect(await reasonOf(botId)).toBe('MODEL_ANSWERS'));
    await eventually(async () =>
      expect((await world.activities()).map(({ code }) => code)).toEqual(
        expect.arrayContaining(['BOT_WAITS', 'BOT_GOES_ON', 'HOLD_TIME_OVER']),
      ),
    );
  });

  it('shows on a bot that was restarted, too', async () => {
    speaks = true;
    const { id: botId } = await world.started(configOf({ strategy: 'model-signal', parameters }));
    await world.others.requested(id(botId, 'entry'));
    speaks = false;
    await world.restartService();
    await eventually(async () => expect(await reasonOf(botId)).toBe('WAITS_FOR_MODEL'));
    expect((await world.seen(botId))?.observed).toBe('running');
  });
});
