import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cashOf } from '@scalpstorm/engine';
import { millisecond, seededRng, Timestamp } from '@scalpstorm/kernel';
import { BotId, type Instrument, InstrumentId, type JsonObject, Price, Quantity, VenueId } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { RecordingExecutionListener } from '@scalpstorm/venue-api/testing';
import { BinanceExecutionVenue, BinanceMarketFeed } from '@scalpstorm/venue-binance';
import { type SimulatedExchange, startSimulatedExchange } from '@scalpstorm/venue-binance/testing';
import { VenueBot } from './venue-bot.js';

const patience = 120_000;

describe('a bot that holds 2.5 times what the venue takes in one order at the market', () => {
  const heard = new RecordingExecutionListener();
  let exchange: SimulatedExchange;
  let venue: BinanceExecutionVenue;
  let instrument: Instrument;
  let last: Price;
  let before: Holdings;

  beforeAll(async () => {
    exchange = await startSimulatedExchange(['--symbols', 'BTC-USDT']);
    await exchange.filters({ symbol: 'BTCUSDT', marketMaxQty: '0.004' });
    const options = {
      venue: VenueId.of('sim'),
      addresses: exchange.addresses,
      clock: { now: () => Timestamp.fromMillis(Date.now()) },
      rng: seededRng(1),
      requestTimeout: 30_000 * millisecond,
    };
    const feed = await BinanceMarketFeed.create(options);
    const listed = (await feed.instruments()).find(({ id }) => id === InstrumentId.of('sim', 'BTC-USDT'));
    await feed.close();
    if (listed === undefined) throw new Error('BTC-USDT is not listed');
    instrument = listed;
    venue = await BinanceExecutionVenue.create(options, exchange.credentials);
    await venue.open(heard);
    const answer = await fetch(`${exchange.addresses.rest}/api/v3/ticker/price?symbol=BTCUSDT`);
    last = Price.of(((await answer.json()) as { price: string }).price);
    before = await holdings();
  }, patience);

  afterAll(async () => {
    await venue?.close();
    await exchange?.stop();
  });

  interface Holdings {
    readonly base: bigint;
    readonly quote: bigint;
    readonly locked: bigint;
  }

  /** What the venue says that the account has. */
  async function holdings(): Promise<Holdings> {
    const balances = await venue.balances();
    const of = (currency: string) => balances.find((balance) => balance.currency === currency);
    const [base, quote] = [of(instrument.base), of(instrument.quote)];
    const sum = (balance: typeof base): bigint => (balance?.free.amount ?? 0n) + (balance?.locked.amount ?? 0n);
    return { base: sum(base), quote: sum(quote), locked: (base?.locked.amount ?? 0n) + (quote?.locked.amount ?? 0n) };
  }

  const share = (percent: bigint): Price =>
    Price.floorTo(Price.fromUnits((last * percent) / 100n), instrument.tickSize);

  /** It has bought 0.01 at once, less the fee of a thousandth in base, and its exit rests far above the market. */
  async function holding(id: string, changes: JsonObject = {}): Promise<VenueBot> {
    const prices = { buyPrice: { fixed: Price.format(share(110n)) }, sellPrice: { fixed: Price.format(share(200n)) } };
    const bot = new VenueBot(BotId.of(id), { venue, heard, instrument }, { quantity: '0.01', ...prices, ...changes });
    before = await holdings();
    await bot.tell({ kind: 'started' });
    expect(bot.live?.request).toMatchObject({ side: 'sell', quantity: Quantity.of('0.00999'), price: share(200n) });
    return bot;
  }

  /** All is sold, in three orders at the market, and the venue has neither more nor less than the fills say. */
  async function expectFlat(bot: VenueBot): Promise<void> {
    const closes = [...bot.orders.values()].filter(({ request }) => request.type === 'market');
    expect(closes.map(({ request, status }) => `${Quantity.format(request.quantity)} ${status}`)).toEqual([
      '0.00333 filled',
      '0.00333 filled',
      '0.00333 filled',
    ]);
    const after = await holdings();
    expect(after).toEqual({
      base: before.base,
      quote: before.quote + cashOf(bot.fills, instrument.quote).amount,
      locked: 0n,
    });
    expect(await venue.openOrders(instrument.id)).toEqual([]);
    const told = await venue.fillsSince(instrument.id, { since: Timestamp.fromMillis(0) });
    const tradeIds = bot.fills.map(({ tradeId }) => tradeId);
    expect(told.map(({ tradeId }) => tradeId)).toEqual(expect.arrayContaining(tradeIds));
  }

  it('knows so from the listing, and would be refused otherwise', async () => {
    expect(instrument.marketQuantityMax).toBe(Quantity.of('0.004'));
    expect(instrument.marketQuantityMax).toBeLessThan(instrument.quantityMax);
    const whole = { type: 'market', price: null, quantity: Quantity.of('0.01'), instrumentId: instrument.id } as const;
    const expiresAt = Timestamp.plus(venue.venueTime(), 20_000 * millisecond);
    expect(await venue.place(anOrderRequest(whole), { expiresAt })).toMatchObject({
      kind: 'rejected',
      filter: { code: 'MARKET_QUANTITY_ABOVE_MAXIMUM', limit: '0.004' },
    });
  });

  it(
    'is flat after a stop-loss',
    async () => {
      const bot = await holding('bot_00000001', { stopLossPercent: '20', afterStopLoss: 'stop' });
      await bot.tell(bot.quoteAt(share(50n)));
      expect(bot.milestones.at(-1)).toBe('finished: STOPPED_BY_STOP_LOSS');
      await expectFlat(bot);
    },
    patience,
  );

  it(
    'is flat after a flatten',
    async () => {
      const bot = await holding('bot_00000002');
      await bot.tell({ kind: 'flatten-asked' });
      expect(bot.milestones.at(-1)).toBe('stopped: FLATTENED');
      await expectFlat(bot);
    },
    patience,
  );
});
