import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BotCommand } from '@scalpstorm/contracts';
import { type BotConfig, type Instrument, InstrumentId, Price, VenueId } from '@scalpstorm/model';
import { SystemClock } from '@scalpstorm/observability';
import { anAccount, anInstrument, aTrade, describeWithServers, eventually } from '@scalpstorm/testkit';
import { botOf, codesOf, configOf, owner, StrategyWorld, withParameters } from './strategy-world.js';

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

describeWithServers('what a bot may be configured to', (servers) => {
  let world: StrategyWorld;

  beforeEach(async () => {
    world = await StrategyWorld.open(servers);
    const binance = VenueId.of('binance');
    const elsewhere = anInstrument({ id: InstrumentId.of('binance', 'BTC-USDT'), venue: binance });
    world.others.instruments = [anInstrument(), elsewhere];
    await world.startService();
  });

  afterEach(async () => {
    await world?.close();
  });

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
    expect([...codesOf(answer)].sort()).toEqual(['INVALID_NAME', 'QUANTITY_OFF_STEP', 'WRONG_MODE']);
  });

  it('names the symbols that are most like the one that there is not, and not all of them', async () => {
    const symbols = ['ETH-USDT', 'BTC-USDC', 'BTC-USDT', ...Array.from({ length: 20 }, (_, n) => `COIN${n}-EUR`)];
    world.others.instruments = symbols.map((symbol) => anInstrument({ id: InstrumentId.of('sim', symbol), symbol }));
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
      expect(await world.edit(id, { ...near, loop: false })).toMatchObject({ ok: true, warnings: [loses] });
      expect(await world.edit(id, {})).not.toHaveProperty('warnings');
      expect(await world.verb(id, 'start')).not.toHaveProperty('warnings');
      await eventually(async () => {
        const said = (await world.activities()).filter(({ level }) => level === 'WARNING');
        expect(said.map(({ code }) => code)).toEqual(['LOSES_AFTER_FEES', 'LOSES_AFTER_FEES']);
      });
    });

    it('is judged by the last price that market-data knows', async () => {
      const offsets = { buyPrice: { offset: '-1', unit: 'ticks', from: 'last' }, ...near, quantity: '0.00002' };
      botOf(await world.create(configOf({ name: 'unpriced', ...withParameters(offsets) })));
      const [{ id }] = world.others.instruments as [Instrument];
      world.others.lastPrices = [{ instrumentId: id, price: Price.of('50000') }];
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
    const [instrument] = world.others.instruments as [Instrument];
    const tick = aTrade({ instrumentId: instrument.id, price: Price.of('500') });
    await eventually(async () => {
      world.others.trade({ ...tick, occurredAt: new SystemClock().now() });
      expect(await world.seen(id)).toMatchObject({
        observed: 'running',
        reason: { code: 'WAITS_ENTRY_OUT_OF_RANGE', text: expect.stringContaining('Edit buyPrice.') },
      });
    });
    await eventually(async () =>
      expect((await world.activities()).filter(({ level }) => level === 'WARNING')).toMatchObject([
        { code: 'WAITS_ENTRY_OUT_OF_RANGE', data: { side: 'buy', price: '-500' } },
      ]),
    );
    expect(world.others.requests).toEqual([]);
    expect(botOf(await world.edit(id, {})).reason.code).toBe('EDITED');
    await eventually(() => expect(world.others.requestedIds()).toHaveLength(1));
  });

  it('follows the accounts that execution has now', async () => {
    expect(codesOf(await world.create(configOf({ mode: 'live' })))).toEqual(['WRONG_MODE']);
    world.others.accounts = [anAccount({ mode: 'live' })];
    botOf(await world.create(configOf({ mode: 'live' })));
  });
});
