import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { type BotId, ClientOrderId, type Leg, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { aFeedStatus, anInstrument, aQuote, describeWithServers, eventually } from '@scalpstorm/testkit';
import { botOf, codesOf, configOf, owner, parameters, StrategyWorld } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

const id = (botId: BotId, leg: Leg, attempt = 0, cycle = 0) => ClientOrderId.forSlot({ botId, cycle, leg, attempt });

describeWithServers('a bot through restarts and outages', (servers) => {
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

  it('asks again under the same id after a restart, and for nothing new', async () => {
    const { botId, exit } = await holding();
    await world.settled();
    await world.restartService();
    await eventually(() => {
      const asks = world.others.requests.filter(({ order }) => order.clientOrderId === exit.clientOrderId);
      // A slow machine makes it ask more than once more; each time with the next number.
      expect(new Set(asks.map(({ ask }) => ask)).size).toBeGreaterThan(1);
    });
    expect(world.others.requestedIds()).toEqual([id(botId, 'entry'), id(botId, 'exit')]);
    await venue.accept(exit);
    await venue.fill(exit);
    await world.others.requested(id(botId, 'entry', 0, 1));
  });

  it('leads to the same orders when it forgot its last steps in a crash', async () => {
    const { id: botId } = await world.started();
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    await world.settled();
    const [before] = await world.sql`select * from bots`;
    await venue.fill(entry);
    const exit = await world.others.requested(id(botId, 'exit'));
    await world.settled();
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
    await world.settled();
    expect(world.others.requestedIds()).toEqual([entry.clientOrderId, exit.clientOrderId]);
    await venue.fill(exit);
    await world.others.requested(id(botId, 'entry', 0, 1));
    await eventually(async () => expect((await world.seen(botId))?.totals).toMatchObject({ cycles: 1, held: 0n }));
  });

  it('hears after a restart what its user wanted, if it had not yet heard of it', async () => {
    const { id: botId } = await world.started();
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    await world.settled();
    await world.stopService();
    await world.sql`update bots set desired = 'stopped', observed = 'stopping'`;
    await world.startService();
    await eventually(() =>
      expect(world.others.cancels.map((cancel) => cancel.clientOrderId)).toEqual([entry.clientOrderId]),
    );
    await venue.cancelRequested(entry);
    await venue.canceled(entry);
    await eventually(async () => expect((await world.seen(botId))?.observed).toBe('stopped'));
  });

  it('obeys a halt that was said while it was away, for as long as that stands, and no other', async () => {
    const { id: botId } = await world.started();
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    await world.settled();
    await world.stopService();
    await world.others.halt('halted', 'a drill', 'flatten', 1_300 * second);
    await world.others.halt('active', '', 'halt', 1_200 * second);
    await world.others.halt('halted', 'out', 'cancel', 1_100 * second);
    await world.startService();
    await eventually(
      async () =>
        expect(await world.sql`select state, level, obeyed from trading_halts`).toEqual([
          { state: 'halted', level: 'cancel', obeyed: true },
        ]),
      { timeoutMs: 60_000 },
    );
    expect(await world.sql`select desired, observed from bots`).toEqual([{ desired: 'stopped', observed: 'stopping' }]);
    await eventually(() =>
      expect(world.others.cancels.map((cancel) => cancel.clientOrderId)).toContain(entry.clientOrderId),
    );
  });

  it('counts what was filled in a version that it never heard', async () => {
    const { id: botId } = await world.started();
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    venue.missed(entry, Quantity.of('0.004'));
    await venue.fill(entry, Quantity.of('0.006'));
    await world.others.requested(id(botId, 'exit'));
    const totals = await eventually(async () => {
      const seen = await world.seen(botId);
      expect(seen?.totals.fills).toBe(2);
      return seen?.totals;
    });
    expect(Quantity.format(totals?.held ?? Quantity.zero)).toBe('0.01');
  });

  it('loses no late fill that comes while its bot is being edited', async () => {
    const { id: botId } = await world.started();
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    await world.settled();
    await world.verb(botId, 'stop');
    await venue.cancelRequested(entry);
    await venue.canceled(entry);
    await eventually(async () => expect((await world.seen(botId))?.observed).toBe('stopped'));
    const release = world.others.holdAccounts();
    const command = { kind: 'edit', commandId: world.commandId(), userId: owner, botId, name: 'edited' } as const;
    const edited = world.ask({ ...command, parameters });
    await eventually(() => expect(world.others.accountsHeld).toBe(true));
    await venue.fill(entry);
    await world.settled();
    release();
    const { config, totals } = botOf(await edited);
    expect([config.name, Quantity.format(totals.held)]).toEqual(['edited', '0.01']);
    await world.restartService();
    expect(botOf(await world.verb(botId, 'start')).totals.held).toBe(totals.held);
    await world.others.requested(id(botId, 'exit'));
  });

  it('goes on while Postgres hangs, and acknowledges a fill only when it is written', async () => {
    const { id: botId } = await world.started();
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    await world.settled();
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
    await world.others.requested(id(botId, 'exit'));
    expect(await world.unacknowledged('ORDER_EVENTS')).toBe(1);
    release();
    await held;
    await world.settled();
    expect(await world.sql`select fills, held::text from bots`).toEqual([{ fills: 1, held: '0.01' }]);
  });

  it('says nothing while it can not know whether another has taken over, and goes on when it knows', async () => {
    const { id: botId } = await world.started();
    const entry = await world.others.requested(id(botId, 'entry'));
    await venue.accept(entry);
    await world.settled();
    let release = (): void => undefined;
    const held = world.sql.begin(async (tx) => {
      await tx`lock table lease in access exclusive mode`;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    try {
      await eventually(async () => {
        await venue.repeat(entry);
        expect(world.log.lines.map(({ text }) => text).join()).toContain('the lease of the bots is not held');
      });
      await venue.fill(entry);
      expect(world.others.requestedIds()).toEqual([id(botId, 'entry')]);
    } finally {
      release();
      await held;
    }
    await world.others.requested(id(botId, 'exit'));
    await world.settled();
    expect(world.others.requestedIds()).toEqual([id(botId, 'entry'), id(botId, 'exit')]);
  });

  it('does not trade on prices of a feed that is not live', async () => {
    const offset = (text: string, from: string) => ({ offset: text, unit: 'bps', from });
    const config = configOf({
      parameters: { ...parameters, buyPrice: offset('-2', 'mid'), sellPrice: offset('25', 'entry') },
    });
    world.others.feed(aFeedStatus({ state: 'live' }));
    const { id: botId } = await world.started(config);
    world.others.feed(aFeedStatus({ state: 'resyncing' }));
    for (let sequence = 1; sequence < 5; sequence += 1) world.others.quote(aQuote({ sequence }));
    // Answered after those prices were heard.
    expect(botOf(await world.verb(botId, 'start')).observed).toBe('running');
    expect(world.others.requests).toEqual([]);
    await eventually(async () => {
      world.others.feed(aFeedStatus({ state: 'live' }));
      world.others.quote(aQuote({ bidPrice: Price.of('40000'), askPrice: Price.of('40000.02') }));
      expect(world.others.requestedIds()).toHaveLength(1);
    });
    const order = await world.others.requested(id(botId, 'entry'));
    expect(Price.format(order.price ?? Price.zero)).toBe('39992');
  });

  it('runs on while market-data is away, and follows the filters that it then tells', async () => {
    const bps = { offset: '-2', unit: 'bps', from: 'mid' };
    const config = configOf({ parameters: { ...parameters, buyPrice: bps, sellPrice: { ...bps, offset: '9' } } });
    const { id: botId } = botOf(await world.create(config));
    await world.stopService();
    world.others.marketData = false;
    await world.startService();
    expect(botOf(await world.verb(botId, 'start')).observed).toBe('running');
    world.others.instruments = [anInstrument({ tickSize: Price.of('5') })];
    world.others.marketData = true;
    const asked = world.others.instrumentsAsked;
    await eventually(() => expect(world.others.instrumentsAsked).toBeGreaterThan(asked), { timeoutMs: 60_000 });
    // Answered after the filters were heard.
    expect(codesOf(await world.verb(botId, 'start'))).toEqual([]);
    await eventually(() => {
      world.others.quote(aQuote({ bidPrice: Price.of('50001'), askPrice: Price.of('50001') }));
      expect(world.others.requestedIds()).toHaveLength(1);
    });
    const order = await world.others.requested(id(botId, 'entry'));
    expect(Price.format(order.price ?? Price.zero)).toBe('49990');
  });

  it('a bot whose instrument is not listed yet is run as soon as it is', async () => {
    const bot = botOf(await world.create(configOf()));
    await world.stopService();
    await world.sql`update bots set instrument = null`;
    const listed = world.others.instruments;
    world.others.instruments = [];
    await world.startService();
    expect(await world.verb(bot.id, 'start')).toMatchObject({ ok: false, refusals: [{ code: 'BOT_NOT_READY' }] });
    world.others.instruments = listed;
    await eventually(
      async () => expect(await world.verb(bot.id, 'start')).toMatchObject({ ok: true, value: { observed: 'running' } }),
      { timeoutMs: 60_000 },
    );
    await world.others.requested(id(bot.id, 'entry'));
  });
});
