import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { type BotId, ClientOrderId, type Leg, Money, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { aFeedStatus, anInstrument, aQuote, describeWithServers, eventually } from '@scalpstorm/testkit';
import { botOf, configOf, owner, parameters, StrategyWorld } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

const id = (botId: BotId, leg: Leg, attempt = 0, cycle = 0) => ClientOrderId.forSlot({ botId, cycle, leg, attempt });

describeWithServers('the life of a bot', ({ postgresUrl }) => {
  let world: StrategyWorld;
  let venue: VenueOrders;

  beforeEach(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    world = await StrategyWorld.open({ nats, postgresUrl });
    venue = new VenueOrders((order, event) => world.tell(order, event));
    await world.startService();
  });

  afterEach(async () => {
    await world?.close();
  });

  const requestedIds = () => [...new Set(world.requests.map(({ order }) => order.clientOrderId))];

  async function requested(clientOrderId: ClientOrderId): Promise<OrderRequest> {
    return eventually(() => {
      const found = world.requests.find(({ order }) => order.clientOrderId === clientOrderId);
      if (!found) throw new Error(`not requested: ${clientOrderId}; but ${requestedIds().join()}`);
      return found.order;
    });
  }

  /** All that was sent is handled, written and acknowledged. */
  async function settled(): Promise<void> {
    await eventually(async () => expect(await world.unacknowledged('ORDER_EVENTS')).toBe(0));
    await eventually(async () => expect(await world.unacknowledged('VERDICTS')).toBe(0));
  }

  async function activityCodes(): Promise<string[]> {
    return (await world.activities()).map(({ code }) => code);
  }

  /** Started, bought, and asking to sell. */
  async function holding(): Promise<{ botId: BotId; exit: OrderRequest }> {
    const { id: botId } = await world.started();
    const entry = await requested(id(botId, 'entry'));
    await venue.accept(entry);
    await venue.fill(entry);
    return { botId, exit: await requested(id(botId, 'exit')) };
  }

  it('asks for its first order under the id that its place in the cycle determines', async () => {
    const bot = await world.started();
    expect(bot).toMatchObject({ desired: 'running', observed: 'running' });
    const order = await requested(id(bot.id, 'entry'));
    expect(order).toMatchObject({ botId: bot.id, userId: owner, side: 'buy', purpose: 'open', mode: 'demo' });
    expect([Quantity.format(order.quantity), Price.format(order.price ?? Price.zero)]).toEqual(['0.01', '50000']);
    expect(world.requests).toHaveLength(1);
  });

  it('asks for exactly one next order although a fill is told twice', async () => {
    const { id: botId } = await world.started();
    const entry = await requested(id(botId, 'entry'));
    await venue.accept(entry);
    await venue.fill(entry);
    await venue.repeat(entry);
    await requested(id(botId, 'exit'));
    await settled();
    expect(requestedIds()).toEqual([id(botId, 'entry'), id(botId, 'exit')]);
    expect(world.requests).toHaveLength(2);
    await eventually(async () => expect((await world.seen(botId))?.totals.fills).toBe(1));
  });

  it('tells of a completed cycle once, with the totals of the bot', async () => {
    const { botId, exit } = await holding();
    await venue.accept(exit);
    await venue.fill(exit);
    await venue.repeat(exit);
    await requested(id(botId, 'entry', 0, 1));
    await settled();
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

  it('asks again under the same id after a restart, and for nothing new', async () => {
    const { botId, exit } = await holding();
    await settled();
    await world.restartService();
    await eventually(() => {
      const asks = world.requests.filter(({ order }) => order.clientOrderId === exit.clientOrderId);
      expect(asks.map(({ ask }) => ask)).toEqual([0, 1]);
    });
    expect(requestedIds()).toEqual([id(botId, 'entry'), id(botId, 'exit')]);
    await venue.accept(exit);
    await venue.fill(exit);
    await requested(id(botId, 'entry', 0, 1));
  });

  it('leads to the same orders when it forgot its last steps in a crash', async () => {
    const { id: botId } = await world.started();
    const entry = await requested(id(botId, 'entry'));
    await venue.accept(entry);
    await settled();
    const [before] = await world.sql`select * from bots`;
    await venue.fill(entry);
    const exit = await requested(id(botId, 'exit'));
    await settled();
    await world.stopService();
    await world.sql`update bots set ${world.sql({
      state: before?.['state'],
      fills: 0,
      held: '0',
      version: before?.['version'],
    })}`;
    await world.startService();
    // Not acknowledged before the crash, so it comes again.
    await venue.repeat(entry);
    await venue.accept(exit);
    await settled();
    expect(requestedIds()).toEqual([entry.clientOrderId, exit.clientOrderId]);
    await venue.fill(exit);
    await requested(id(botId, 'entry', 0, 1));
    await eventually(async () => expect((await world.seen(botId))?.totals).toMatchObject({ cycles: 1, held: 0n }));
  });

  it('tries again with the next attempt when the gate denies, and says why', async () => {
    const { id: botId } = await world.started();
    const entry = await requested(id(botId, 'entry'));
    await world.deny(entry, 'MARKET_DATA_STALE');
    await requested(id(botId, 'entry', 1));
    await eventually(async () => expect(await activityCodes()).toContain('MARKET_DATA_STALE'));
    const told = (await world.activities()).find(({ code }) => code === 'MARKET_DATA_STALE');
    expect(told).toMatchObject({ level: 'WARNING', userId: owner, botId });
  });

  it('pauses: cancels its entry, asks for none, and goes on when it is resumed', async () => {
    const { id: botId } = await world.started();
    const entry = await requested(id(botId, 'entry'));
    await venue.accept(entry);
    await settled();
    expect(botOf(await world.verb(botId, 'pause'))).toMatchObject({ desired: 'paused', observed: 'pausing' });
    await eventually(() =>
      expect(world.cancels).toMatchObject([{ clientOrderId: entry.clientOrderId, reason: 'stop' }]),
    );
    await venue.cancelRequested(entry);
    await venue.canceled(entry);
    await eventually(async () => expect((await world.seen(botId))?.observed).toBe('paused'));
    expect(requestedIds()).toEqual([entry.clientOrderId]);
    expect(botOf(await world.verb(botId, 'resume'))).toMatchObject({ desired: 'running', observed: 'running' });
    await requested(id(botId, 'entry', 1));
  });

  it('stops: cancels its order and keeps what it holds', async () => {
    const { botId, exit } = await holding();
    await venue.accept(exit);
    await settled();
    expect(botOf(await world.verb(botId, 'stop'))).toMatchObject({ desired: 'stopped', observed: 'stopping' });
    await eventually(() => expect(world.cancels.map((cancel) => cancel.clientOrderId)).toEqual([exit.clientOrderId]));
    await venue.cancelRequested(exit);
    await venue.canceled(exit);
    await eventually(async () => expect((await world.seen(botId))?.observed).toBe('stopped'));
    expect(Quantity.format((await world.seen(botId))?.totals.held ?? Quantity.zero)).toBe('0.01');
    expect(await activityCodes()).not.toContain('ORDER_CANCELED_AT_VENUE');
    const deleted = await world.ask({ kind: 'delete', commandId: world.commandId(), userId: owner, botId });
    expect(deleted).toMatchObject({ ok: false, refusals: [{ code: 'BOT_NOT_FLAT' }] });
  });

  it('flattens: cancels its exit, sells what it holds at the market, and can then be deleted', async () => {
    const { botId, exit } = await holding();
    await venue.accept(exit);
    await settled();
    expect(botOf(await world.verb(botId, 'flatten'))).toMatchObject({ observed: 'flattening' });
    await eventually(() => expect(world.cancels.map(({ reason }) => reason)).toEqual(['flatten']));
    await venue.cancelRequested(exit);
    await venue.canceled(exit);
    const flatten = await requested(id(botId, 'flatten'));
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
    const entry = await requested(id(botId, 'entry'));
    await venue.accept(entry);
    await venue.canceled(entry);
    await eventually(async () =>
      expect(await world.seen(botId)).toMatchObject({
        desired: 'stopped',
        observed: 'stopped',
        reason: { code: 'ORDER_CANCELED_AT_VENUE' },
      }),
    );
    const warnings = (await world.activities()).filter(({ level }) => level === 'WARNING');
    expect(warnings.map(({ code }) => code)).toEqual(['ORDER_CANCELED_AT_VENUE']);
    expect(requestedIds()).toEqual([entry.clientOrderId]);
    await world.restartService();
    expect(botOf(await world.verb(botId, 'stop'))).toMatchObject({ observed: 'stopped' });
  });

  it('hears after a restart what its user wanted, if it had not yet heard of it', async () => {
    const { id: botId } = await world.started();
    const entry = await requested(id(botId, 'entry'));
    await venue.accept(entry);
    await settled();
    await world.stopService();
    await world.sql`update bots set desired = 'stopped', observed = 'stopping'`;
    await world.startService();
    await eventually(() => expect(world.cancels.map((cancel) => cancel.clientOrderId)).toEqual([entry.clientOrderId]));
    await venue.cancelRequested(entry);
    await venue.canceled(entry);
    await eventually(async () => expect((await world.seen(botId))?.observed).toBe('stopped'));
  });

  it('counts what was filled in a version that it never heard', async () => {
    const { id: botId } = await world.started();
    const entry = await requested(id(botId, 'entry'));
    await venue.accept(entry);
    venue.missed(entry, Quantity.of('0.004'));
    await venue.fill(entry, Quantity.of('0.006'));
    await requested(id(botId, 'exit'));
    const totals = await eventually(async () => {
      const seen = await world.seen(botId);
      expect(seen?.totals.fills).toBe(2);
      return seen?.totals;
    });
    expect(Quantity.format(totals?.held ?? Quantity.zero)).toBe('0.01');
  });

  it('loses no late fill that comes while its bot is being edited', async () => {
    const { id: botId } = await world.started();
    const entry = await requested(id(botId, 'entry'));
    await venue.accept(entry);
    await settled();
    await world.verb(botId, 'stop');
    await venue.cancelRequested(entry);
    await venue.canceled(entry);
    await eventually(async () => expect((await world.seen(botId))?.observed).toBe('stopped'));
    const release = world.holdAccounts();
    const command = { kind: 'edit', commandId: world.commandId(), userId: owner, botId, name: 'edited' } as const;
    const edited = world.ask({ ...command, parameters });
    await eventually(() => expect(world.accountsHeld).toBe(true));
    await venue.fill(entry);
    await settled();
    release();
    const { config, totals } = botOf(await edited);
    expect([config.name, Quantity.format(totals.held)]).toEqual(['edited', '0.01']);
    await world.restartService();
    expect(botOf(await world.verb(botId, 'start')).totals.held).toBe(totals.held);
    await requested(id(botId, 'exit'));
  });

  it('goes on while Postgres hangs, and acknowledges a fill only when it is written', async () => {
    const { id: botId } = await world.started();
    const entry = await requested(id(botId, 'entry'));
    await venue.accept(entry);
    await settled();
    let release = (): void => undefined;
    const held = world.sql.begin(async (tx) => {
      await tx`lock table bots in access exclusive mode`;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    await eventually(async () =>
      expect(
        await world.sql`select 1 from pg_locks where relation = 'bots'::regclass and mode = 'AccessExclusiveLock' and granted`,
      ).toHaveLength(1),
    );
    await venue.fill(entry);
    await requested(id(botId, 'exit'));
    expect(await world.unacknowledged('ORDER_EVENTS')).toBe(1);
    release();
    await held;
    await settled();
    expect(await world.sql`select fills, held::text from bots`).toEqual([{ fills: 1, held: '0.01' }]);
  });

  it('does not trade on prices of a feed that is not live', async () => {
    const offset = (text: string, from: string) => ({ offset: text, unit: 'bps', from });
    const config = configOf({
      parameters: { ...parameters, buyPrice: offset('-2', 'mid'), sellPrice: offset('25', 'entry') },
    });
    world.feed(aFeedStatus({ state: 'live' }));
    const { id: botId } = await world.started(config);
    world.feed(aFeedStatus({ state: 'resyncing' }));
    for (let sequence = 1; sequence < 5; sequence += 1) world.quote(aQuote({ sequence }));
    // Answered after those prices were heard.
    expect(botOf(await world.verb(botId, 'start')).observed).toBe('running');
    expect(world.requests).toEqual([]);
    await eventually(async () => {
      world.feed(aFeedStatus({ state: 'live' }));
      world.quote(aQuote({ bidPrice: Price.of('40000'), askPrice: Price.of('40000.02') }));
      expect(world.requests).toHaveLength(1);
    });
    const order = await requested(id(botId, 'entry'));
    expect(Price.format(order.price ?? Price.zero)).toBe('39992');
  });

  it('runs on while market-data is away, and follows the filters that it then tells', async () => {
    const bps = { offset: '-2', unit: 'bps', from: 'mid' };
    const config = configOf({ parameters: { ...parameters, buyPrice: bps, sellPrice: { ...bps, offset: '9' } } });
    const { id: botId } = botOf(await world.create(config));
    await world.stopService();
    world.marketData = false;
    await world.startService();
    expect(botOf(await world.verb(botId, 'start')).observed).toBe('running');
    world.instruments = [anInstrument({ tickSize: Price.of('5') })];
    world.marketData = true;
    const asked = world.instrumentsAsked;
    await eventually(() => expect(world.instrumentsAsked).toBeGreaterThan(asked), { timeoutMs: 10_000 });
    await eventually(() => {
      world.quote(aQuote({ bidPrice: Price.of('50001'), askPrice: Price.of('50001') }));
      expect(world.requests).toHaveLength(1);
    });
    const order = await requested(id(botId, 'entry'));
    expect(Price.format(order.price ?? Price.zero)).toBe('49990');
  });

  it('a bot whose instrument is not listed yet is run as soon as it is', async () => {
    const bot = botOf(await world.create(configOf()));
    await world.stopService();
    await world.sql`update bots set instrument = null`;
    const listed = world.instruments;
    world.instruments = [];
    await world.startService();
    expect(await world.verb(bot.id, 'start')).toMatchObject({ ok: false, refusals: [{ code: 'BOT_NOT_READY' }] });
    world.instruments = listed;
    await eventually(
      async () => expect(await world.verb(bot.id, 'start')).toMatchObject({ ok: true, value: { observed: 'running' } }),
      { timeoutMs: 10_000 },
    );
    await requested(id(bot.id, 'entry'));
  });
});
