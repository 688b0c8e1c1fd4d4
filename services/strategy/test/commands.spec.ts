import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import type { BotAnswer, BotCommand } from '@scalpstorm/contracts';
import {
  type BotConfig,
  BotId,
  ClientOrderId,
  type Instrument,
  InstrumentId,
  type JsonObject,
  Price,
  UserId,
  VenueId,
} from '@scalpstorm/model';
import { SystemClock } from '@scalpstorm/observability';
import { anAccount, anInstrument, aTrade, describeWithServers, eventually } from '@scalpstorm/testkit';
import { botOf, configOf, owner, parameters, StrategyWorld } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

const stranger = UserId.of('user_2');
const unknownBot = BotId.of('bot_nobodyxx');
const withParameters = (changes: JsonObject): Partial<BotConfig> => ({ parameters: { ...parameters, ...changes } });

/** What is wrong with a new bot, and what its user is told. */
const badConfigs: readonly [string, Partial<BotConfig>, { code: string; field: string; allowed: string }][] = [
  ['a bad name', { name: 'My Bot' }, { code: 'INVALID_NAME', field: '/name', allowed: 'lower-case' }],
  [
    'an unknown symbol',
    { instrumentId: InstrumentId.of('sim', 'NO-COIN') },
    { code: 'UNKNOWN_SYMBOL', field: '/symbol', allowed: 'BTC-USDT' },
  ],
  [
    'an unknown strategy',
    { strategy: 'martingale' },
    { code: 'UNKNOWN_STRATEGY', field: '/strategy', allowed: 'scalping-cycle' },
  ],
  [
    'an unknown account',
    { accountId: 'elsewhere' as never },
    { code: 'UNKNOWN_ACCOUNT', field: '/account', allowed: 'demo' },
  ],
  ['the wrong mode', { mode: 'live' }, { code: 'WRONG_MODE', field: '/mode', allowed: 'demo' }],
  [
    'a venue that is not the account’s',
    { instrumentId: InstrumentId.of('binance', 'BTC-USDT') },
    { code: 'WRONG_VENUE', field: '/venue', allowed: 'sim' },
  ],
  [
    'a price off the tick',
    withParameters({ buyPrice: { fixed: '50000.001' } }),
    { code: 'PRICE_OFF_TICK', field: '/parameters/buyPrice/fixed', allowed: '50000' },
  ],
  [
    'a price through nothing',
    withParameters({ buyPrice: { offset: '-20000', unit: 'bps', from: 'mid' } }),
    { code: 'OFFSET_OUT_OF_RANGE', field: '/parameters/buyPrice/offset', allowed: 'above -10000' },
  ],
  [
    'an exit below its entry',
    withParameters({ sellPrice: { offset: '-1', unit: 'ticks', from: 'entry' } }),
    { code: 'SELL_BELOW_BUY', field: '/parameters/sellPrice/offset', allowed: 'more than 0 ticks' },
  ],
  [
    'a quantity below the minimum',
    withParameters({ quantity: '0.000001' }),
    { code: 'QUANTITY_BELOW_MINIMUM', field: '/parameters/quantity', allowed: '0.00011' },
  ],
  [
    'an order worth too little',
    withParameters({ quantity: '0.00002' }),
    { code: 'NOTIONAL_BELOW_MINIMUM', field: '/parameters/quantity', allowed: '0.000' },
  ],
  [
    'a sell below the buy',
    withParameters({ sellPrice: { fixed: '49000' } }),
    { code: 'SELL_BELOW_BUY', field: '/parameters/sellPrice/fixed', allowed: 'at least 50000.01' },
  ],
  [
    'a number that may have lost digits',
    withParameters({ quantity: 0.01 }),
    { code: 'NOT_A_DECIMAL', field: '/parameters/quantity', allowed: '0.001' },
  ],
  [
    'a parameter that does not exist',
    withParameters({ quantityy: '1' }),
    { code: 'UNKNOWN_FIELD', field: '/parameters/quantityy', allowed: 'quantity' },
  ],
];

describeWithServers('the commands of users', ({ postgresUrl }) => {
  let world: StrategyWorld;

  beforeEach(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    world = await StrategyWorld.open({ nats, postgresUrl }, { BOTS_PER_USER_MAX: '2' });
    const binance = VenueId.of('binance');
    world.instruments = [anInstrument(), anInstrument({ id: InstrumentId.of('binance', 'BTC-USDT'), venue: binance })];
    await world.startService();
  });

  afterEach(async () => {
    await world?.close();
  });

  const codesOf = (answer: BotAnswer) => (answer.ok ? [] : answer.refusals.map(({ code }) => code));

  it.each(badConfigs)(
    '%s is refused with code, field, what is allowed and what to do',
    async (_, changes, expected) => {
      const answer = await world.create(configOf(changes));
      const refusals = answer.ok ? [] : answer.refusals;
      const [refusal] = refusals;
      expect(refusals).toHaveLength(1);
      expect(refusal).toMatchObject({ code: expected.code, field: expected.field });
      expect(refusal?.allowed).toContain(expected.allowed);
      expect([refusal?.text, refusal?.next].every((text) => text !== undefined && text.length > 3)).toBe(true);
      expect(await stored()).toEqual({ bots: 0, commands: 0, events: 0 });
    },
  );

  async function stored() {
    const [counts] = await world.sql`select (select count(*)::int from bots) as bots,
      (select count(*)::int from commands) as commands`;
    return { ...counts, events: (await world.botChanges()).length + (await world.activities()).length };
  }

  it('says everything that is wrong at once', async () => {
    const answer = await world.create(
      configOf({ name: '-', mode: 'live', ...withParameters({ quantity: '1.0000001' }) }),
    );
    expect(codesOf(answer).sort()).toEqual(['INVALID_NAME', 'QUANTITY_OFF_STEP', 'WRONG_MODE']);
  });

  it('a name that is taken is refused to the same user, and to nobody else', async () => {
    botOf(await world.create(configOf()));
    const again = await world.create(configOf());
    expect(again).toMatchObject({ ok: false, refusals: [{ code: 'NAME_TAKEN', field: '/name' }] });
    botOf(await world.create(configOf(), stranger));
    const [counts] = await world.sql`select count(*)::int as bots from bots`;
    expect(counts).toEqual({ bots: 2 });
  });

  it('a user has so many bots at most, deleted ones not counted', async () => {
    const first = botOf(await world.create(configOf({ name: 'first' })));
    botOf(await world.create(configOf({ name: 'second' })));
    const third = () => world.create(configOf({ name: 'third' }));
    expect(await third()).toMatchObject({
      ok: false,
      refusals: [{ code: 'TOO_MANY_BOTS', field: '', allowed: 'at most 2' }],
    });
    botOf(await world.create(configOf(), stranger));
    botOf(await world.ask({ kind: 'delete', commandId: world.commandId(), userId: owner, botId: first.id }));
    botOf(await third());
  });

  it('another user’s bot is not found, whatever is asked of it', async () => {
    const { id: botId } = await world.started();
    const before = await world.sql`select * from bots`;
    const ask = (command: Partial<BotCommand>) =>
      world.ask({ commandId: world.commandId(), userId: stranger, botId, ...command } as BotCommand);
    const answers = [
      await ask({ kind: 'verb', verb: 'stop' }),
      await ask({ kind: 'edit', name: null, parameters }),
      await ask({ kind: 'delete' }),
      await ask({ kind: 'verb', verb: 'stop', userId: owner, botId: unknownBot }),
    ];
    expect(answers.map(codesOf)).toEqual(answers.map(() => ['BOT_NOT_FOUND']));
    expect(await world.sql`select * from bots`).toEqual(before);
    expect(botOf(await world.verb(botId, 'start'))).toMatchObject({ observed: 'running' });
  });

  it('carries a command out once, however often it is asked, also after a restart', async () => {
    const create: BotCommand = { kind: 'create', commandId: 'create-1', userId: owner, config: configOf() };
    const bot = botOf(await world.ask(create));
    expect(botOf(await world.ask(create))).toEqual(bot);
    const verb = { kind: 'verb', commandId: 'start-1', userId: owner, botId: bot.id, verb: 'start' } as const;
    const started = botOf(await world.ask(verb));
    const stopped = botOf(await world.verb(bot.id, 'stop'));
    expect(stopped.desired).toBe('stopped');
    await world.restartService();
    expect(botOf(await world.ask(verb)).desired).toBe('stopped');
    expect(started.id).toBe(bot.id);
    expect(botOf(await world.ask(create)).id).toBe(bot.id);
    const [counts] = await world.sql`select count(*)::int as bots from bots`;
    expect(counts).toEqual({ bots: 1 });
  });

  it('somebody else’s command id does nothing and shows nothing', async () => {
    const create: BotCommand = { kind: 'create', commandId: 'create-1', userId: owner, config: configOf() };
    botOf(await world.ask(create));
    expect(codesOf(await world.ask({ ...create, userId: stranger }))).toEqual(['BOT_NOT_FOUND']);
  });

  it('a verb that makes no sense is refused with those that would', async () => {
    const { id } = botOf(await world.create(configOf()));
    expect(await world.verb(id, 'pause')).toMatchObject({
      ok: false,
      refusals: [{ code: 'BOT_NOT_RUNNING', allowed: 'start, stop, flatten', next: 'Start it first.' }],
    });
  });

  it('edits a bot that ended in an error, checks everything again, and never uses an order id twice', async () => {
    const bot = await world.started();
    const [request] = await eventually(() => {
      expect(world.requests).toHaveLength(1);
      return world.requests;
    });
    if (request) await world.deny(request.order, 'QUANTITY_OFF_STEP');
    await eventually(async () => expect((await world.seen(bot.id))?.observed).toBe('error'));
    expect(codesOf(await edit(bot.id, { quantity: '1.0000001' }))).toEqual(['QUANTITY_OFF_STEP']);
    const edited = botOf(await edit(bot.id, { quantity: '0.02' }, 'renamed'));
    expect(edited.config).toMatchObject({ name: 'renamed', parameters: { quantity: '0.02' } });
    botOf(await world.verb(bot.id, 'start'));
    const ids = await eventually(() => {
      expect(world.requests.length).toBeGreaterThan(1);
      return world.requests.map(({ order }) => order.clientOrderId);
    });
    expect(new Set(ids).size).toBe(2);
    const told = (await world.activities()).find(({ code }) => code === 'BOT_EDITED');
    expect(told).toMatchObject({ level: 'INFO', data: { changed: ['name', 'quantity'] } });
  });

  it('edits a bot that runs: its order is replaced with reason update, and it never stops by itself', async () => {
    const venue = new VenueOrders((order, event) => world.tell(order, event));
    const { id } = await world.started();
    const [entry, next] = [0, 1].map((attempt) =>
      ClientOrderId.forSlot({ botId: id, cycle: 0, leg: 'entry', attempt }),
    ) as [ClientOrderId, ClientOrderId];
    const first = await world.requested(entry);
    await venue.accept(first);
    await world.settled();
    expect(botOf(await edit(id, { buyPrice: { fixed: '49000' } }))).toMatchObject({ observed: 'running' });
    await eventually(() =>
      expect(world.cancels).toMatchObject([{ clientOrderId: first.clientOrderId, reason: 'update' }]),
    );
    await venue.cancelRequested(first, 'update');
    await venue.canceled(first);
    expect(Price.format((await world.requested(next)).price ?? Price.zero)).toBe('49000');
    await world.settled();
    expect(await world.seen(id)).toMatchObject({ desired: 'running', observed: 'running' });
    expect((await world.activities()).filter(({ level }) => level === 'WARNING')).toEqual([]);
  });

  it('a bot shows a halt as the reason of its state, and its end', async () => {
    const { id } = await world.started();
    await world.halt('halted', 'the user pressed the button');
    await eventually(async () =>
      expect(await world.seen(id)).toMatchObject({ observed: 'running', reason: { code: 'TRADING_HALTED' } }),
    );
    await world.halt('active', '');
    await eventually(async () => expect((await world.seen(id))?.reason.code).toBe('TRADING_RELEASED'));
  });

  const edit = (botId: BotId, changes: JsonObject, name: string | null = null) =>
    world.ask({
      kind: 'edit',
      commandId: world.commandId(),
      userId: owner,
      botId,
      name,
      parameters: { ...parameters, ...changes },
    });

  it('forgets commands after a week', async () => {
    botOf(await world.create(configOf()));
    await world.sql`insert into commands (command_id, user_id, answered_at)
      select 'old-' || n, 'user_1', now() - interval '8 days' from generate_series(1, 2500) n`;
    await world.sql`insert into commands (command_id, user_id, answered_at)
      values ('young', 'user_1', now() - interval '6 days')`;
    await world.restartService();
    await eventually(async () => {
      const left = await world.sql`select command_id from commands order by command_id`;
      expect(left.map(({ command_id }) => command_id)).toEqual(['command-1', 'young']);
    });
  });

  it('names the symbols that are most like the one that there is not, and not all of them', async () => {
    const symbols = ['ETH-USDT', 'BTC-USDC', 'BTC-USDT', ...Array.from({ length: 20 }, (_, n) => `COIN${n}-EUR`)];
    world.instruments = symbols.map((symbol) => anInstrument({ id: InstrumentId.of('sim', symbol), symbol }));
    const answer = await world.create(configOf({ instrumentId: InstrumentId.of('sim', 'BTX-USDT') }));
    const [refusal] = answer.ok ? [] : answer.refusals;
    expect(refusal?.allowed).toMatch(/^BTC-USDT, .*ETH-USDT, .* and 15 more$/);
    expect(refusal?.next).toBe('Did you mean BTC-USDT? GET /v1/instruments lists all.');
  });

  describe('what is odd about parameters', () => {
    const near = { sellPrice: { offset: '10', unit: 'ticks', from: 'entry' } };
    const loses = {
      code: 'LOSES_AFTER_FEES',
      field: '/parameters/sellPrice',
      text: expect.stringContaining('10 ticks at 50000'),
      next: expect.any(String),
    };

    it('comes with the answer to a new bot and an edit, also when it is asked for again, and stands in the log', async () => {
      const config = configOf(withParameters(near));
      const create: BotCommand = { kind: 'create', commandId: 'create-1', userId: owner, config };
      const created = await world.ask(create);
      expect(created).toMatchObject({ ok: true, warnings: [loses] });
      expect(await world.ask(create)).toEqual(created);
      const { id } = botOf(created);
      expect(await edit(id, { ...near, loop: false })).toMatchObject({ ok: true, warnings: [loses] });
      expect(await edit(id, {})).not.toHaveProperty('warnings');
      expect(await world.verb(id, 'start')).not.toHaveProperty('warnings');
      const said = (await world.activities()).filter(({ level }) => level === 'WARNING');
      expect(said.map(({ code }) => code)).toEqual(['LOSES_AFTER_FEES', 'LOSES_AFTER_FEES']);
    });

    it('is judged by the last price that market-data knows', async () => {
      const offsets = { buyPrice: { offset: '-1', unit: 'ticks', from: 'last' }, ...near, quantity: '0.00002' };
      botOf(await world.create(configOf({ name: 'unpriced', ...withParameters(offsets) })));
      const [{ id }] = world.instruments as [Instrument];
      world.lastPrices = [{ instrumentId: id, price: Price.of('50000') }];
      const answer = await world.create(configOf({ name: 'priced', ...withParameters(offsets) }));
      expect(codesOf(answer)).toEqual(['NOTIONAL_BELOW_MINIMUM']);
      const [refusal] = answer.ok ? [] : answer.refusals;
      const enough = { ...offsets, quantity: refusal?.allowed ?? '' };
      expect(await world.create(configOf({ name: 'priced', ...withParameters(enough) }))).toMatchObject({
        warnings: [loses],
      });
    });
  });

  it('a bot whose price can not be runs with that as its reason, until it is edited', async () => {
    const far = { buyPrice: { offset: '-100000', unit: 'ticks', from: 'last' } };
    const { id } = await world.started(configOf(withParameters({ ...far, sellPrice: { fixed: '51000' } })));
    const [instrument] = world.instruments as [Instrument];
    const tick = aTrade({ instrumentId: instrument.id, price: Price.of('500') });
    await eventually(async () => {
      world.trade({ ...tick, occurredAt: new SystemClock().now() });
      expect(await world.seen(id)).toMatchObject({
        observed: 'running',
        reason: { code: 'WAITS_ENTRY_OUT_OF_RANGE', text: expect.stringContaining('Edit buyPrice.') },
      });
    });
    expect((await world.activities()).filter(({ level }) => level === 'WARNING')).toMatchObject([
      { code: 'WAITS_ENTRY_OUT_OF_RANGE', data: { side: 'buy', price: '-500' } },
    ]);
    expect(world.requests).toEqual([]);
    expect(botOf(await edit(id, {})).reason.code).toBe('EDITED');
    await eventually(() => expect(world.requests).toHaveLength(1));
  });

  it('follows the accounts that execution has now', async () => {
    expect(codesOf(await world.create(configOf({ mode: 'live' })))).toEqual(['WRONG_MODE']);
    world.accounts = [anAccount({ mode: 'live' })];
    botOf(await world.create(configOf({ mode: 'live' })));
  });
});
