import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type BotId, ClientOrderId, type Leg, Money, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { botOf, owner, StrategyWorld } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

const id = (botId: BotId, leg: Leg, attempt = 0, cycle = 0) => ClientOrderId.forSlot({ botId, cycle, leg, attempt });

describeWithServers('the life of a bot', (servers) => {
  let world: StrategyWorld;
  let venue: VenueOrders;

  beforeEach(async () => {
    world = await StrategyWorld.open(servers);
    venue = new VenueOrders((order, event) => world.others.tell(order, event));
    await world.startService();
  });

  afterEach(async () => {
    await world?.close();
  });

  /** Started, bought, and asking to sell. */
  async function holding(): Promise<{ botId: BotId; exit: OrderRequest }> {
    const { id: botId } = await world.started();
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    await venue.fill(entry);
    return { botId, exit: await world.others.requested(id(botId, 'exit')) };
  }

  it('asks for its first order under the id that its place in the cycle determines', async () => {
    const bot = await world.started();
    expect(bot).toMatchObject({ desired: 'running', observed: 'running' });
    const order = await world.others.requested(id(bot.id, 'entry'));
    expect(order).toMatchObject({ botId: bot.id, userId: owner, side: 'buy', purpose: 'open', mode: 'demo' });
    expect([Quantity.format(order.quantity), Price.format(order.price ?? Price.zero)]).toEqual(['0.01', '50000']);
    expect(world.others.requestedIds()).toEqual([order.clientOrderId]);
  });

  it('asks for exactly one next order although a fill is told twice', async () => {
    const { id: botId } = await world.started();
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    await venue.fill(entry);
    await venue.repeat(entry);
    await world.others.requested(id(botId, 'exit'));
    await world.settled();
    expect(world.others.requestedIds()).toEqual([id(botId, 'entry'), id(botId, 'exit')]);
    await eventually(async () => expect((await world.seen(botId))?.totals.fills).toBe(1));
  });

  it('tells of a completed cycle once, with the totals of the bot', async () => {
    const { botId, exit } = await holding();
    await venue.accept(exit);
    await venue.fill(exit);
    await venue.repeat(exit);
    await world.others.requested(id(botId, 'entry', 0, 1));
    await world.settled();
    await eventually(async () => expect(await world.cycles()).toHaveLength(1));
    const [completed] = await world.cycles();
    expect(completed).toMatchObject({ userId: owner, cycle: { botId, number: 0 } });
    expect(Money.format(completed?.cycle.net ?? Money.of('0', 'USDT'))).toBe('8.99');
    const totals = await eventually(async () => {
      const seen = await world.seen(botId);
      expect(seen?.totals).toMatchObject({ cycles: 1, fills: 2, held: 0n });
      return seen?.totals;
    });
    expect(totals && [Money.format(totals.pnl), Money.format(totals.fees)]).toEqual(['8.99', '1.01']);
    expect(await world.sql`select number, net::text, gross::text from cycles`).toEqual([
      { number: 0, net: '8.99', gross: '10' },
    ]);
  });

  it('tries again with the next attempt when the gate denies, and says why', async () => {
    const { id: botId } = await world.started();
    const entry = await world.others.requested(id(botId, 'entry'));
    await world.others.deny(entry, 'MARKET_DATA_STALE');
    await world.others.requested(id(botId, 'entry', 1));
    await eventually(async () => {
      const told = (await world.activities()).find(({ code }) => code === 'MARKET_DATA_STALE');
      expect(told).toMatchObject({ level: 'WARNING', userId: owner, botId });
    });
  });

  it('pauses: cancels its entry, asks for none, and goes on when it is resumed', async () => {
    const { id: botId } = await world.started();
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    await world.settled();
    expect(botOf(await world.verb(botId, 'pause'))).toMatchObject({ desired: 'paused', observed: 'pausing' });
    await eventually(() =>
      expect(world.others.cancels).toMatchObject([{ clientOrderId: entry.clientOrderId, reason: 'stop' }]),
    );
    await venue.cancelRequested(entry);
    await venue.canceled(entry);
    await eventually(async () => expect((await world.seen(botId))?.observed).toBe('paused'));
    expect(world.others.requestedIds()).toEqual([entry.clientOrderId]);
    expect(botOf(await world.verb(botId, 'resume'))).toMatchObject({ desired: 'running', observed: 'running' });
    await world.others.requested(id(botId, 'entry', 1));
  });

  it('stops: cancels its order and keeps what it holds', async () => {
    const { botId, exit } = await holding();
    await venue.accept(exit);
    await world.settled();
    expect(botOf(await world.verb(botId, 'stop'))).toMatchObject({ desired: 'stopped', observed: 'stopping' });
    await eventually(() =>
      expect(world.others.cancels.map((cancel) => cancel.clientOrderId)).toEqual([exit.clientOrderId]),
    );
    await venue.cancelRequested(exit);
    await venue.canceled(exit);
    await eventually(async () => expect((await world.seen(botId))?.observed).toBe('stopped'));
    expect(Quantity.format((await world.seen(botId))?.totals.held ?? Quantity.zero)).toBe('0.01');
    expect((await world.activities()).map(({ code }) => code)).not.toContain('ORDER_CANCELED_AT_VENUE');
    const deleted = await world.ask({ kind: 'delete', commandId: world.commandId(), userId: owner, botId });
    expect(deleted).toMatchObject({ ok: false, refusals: [{ code: 'BOT_NOT_FLAT' }] });
  });

  it('flattens: cancels its exit, sells what it holds at the market, and can then be deleted', async () => {
    const { botId, exit } = await holding();
    await venue.accept(exit);
    await world.settled();
    expect(botOf(await world.verb(botId, 'flatten'))).toMatchObject({ observed: 'flattening' });
    await eventually(() => expect(world.others.cancels.map(({ reason }) => reason)).toEqual(['flatten']));
    await venue.cancelRequested(exit);
    await venue.canceled(exit);
    const flatten = await world.others.requested(id(botId, 'flatten'));
    expect(flatten).toMatchObject({ side: 'sell', type: 'market', price: null, purpose: 'close' });
    await venue.accept(flatten);
    await venue.fill(flatten);
    await eventually(async () => expect(await world.seen(botId)).toMatchObject({ observed: 'stopped' }));
    const command = { kind: 'delete', commandId: world.commandId(), userId: owner, botId } as const;
    const deleted = botOf(await world.ask(command));
    expect(botOf(await world.ask(command))).toEqual(deleted);
    await eventually(async () => expect((await world.botChanges()).at(-1)).toMatchObject({ deleted: true }));
    await world.restartService();
    expect(await world.verb(botId, 'start')).toMatchObject({ ok: false, refusals: [{ code: 'BOT_NOT_FOUND' }] });
  });

  it('stops by itself, with a warning, when somebody canceled its order at the venue', async () => {
    const { id: botId } = await world.started();
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    await venue.canceled(entry);
    await eventually(async () =>
      expect(await world.seen(botId)).toMatchObject({
        desired: 'stopped',
        observed: 'stopped',
        reason: { code: 'ORDER_CANCELED_AT_VENUE' },
      }),
    );
    await eventually(async () => {
      const warnings = (await world.activities()).filter(({ level }) => level === 'WARNING');
      expect(warnings.map(({ code }) => code)).toEqual(['ORDER_CANCELED_AT_VENUE']);
    });
    expect(world.others.requestedIds()).toEqual([entry.clientOrderId]);
    await world.restartService();
    expect(botOf(await world.verb(botId, 'stop'))).toMatchObject({ observed: 'stopped' });
  });
});
