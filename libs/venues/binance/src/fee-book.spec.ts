import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Clock, second, seededRng, Timestamp } from '@scalpstorm/kernel';
import { InstrumentId, VenueId } from '@scalpstorm/model';
import { BinanceExecutionVenue } from './binance-execution-venue.js';
import { parseAccountRates, parseCommission } from './fee-book.js';
import { UnreadablePayload } from './fields.js';
import { credentials, impatient, instrumentId, clock as wallClock } from './testing/scripted-parts.js';
import { ScriptedVenue } from './testing/scripted-venue.js';
import { startSimulatedExchange } from './testing/simulated-exchange.js';

const commission = 'GET /api/v3/account/commission';
const account = 'GET /api/v3/account';
const rates = (maker: string, taker: string, buyer = '0', seller = '0') => ({ maker, taker, buyer, seller });

describe('the fees of an account', () => {
  let scripted: ScriptedVenue;
  let execution: BinanceExecutionVenue;
  let ahead = 0;
  const clock: Clock = { now: () => Timestamp.fromMicros(Date.now() * 1_000 + ahead) };

  beforeEach(async () => {
    ahead = 0;
    scripted = await ScriptedVenue.start();
    execution = await BinanceExecutionVenue.create({ ...impatient(scripted, []), clock }, credentials);
  });
  afterEach(async () => {
    await execution.close();
    await scripted.stop();
  });

  it('are asked for once an hour a symbol, however many want them at once', async () => {
    scripted.on(commission, {
      status: 200,
      body: { symbol: 'BTCUSDT', standardCommission: rates('0.0001', '0.0002') },
    });
    const told = await Promise.all([1, 2, 3].map(() => execution.feeRates(instrumentId)));
    expect(told).toEqual(Array(3).fill({ instrumentId, makerFeeRate: '0.0001', takerFeeRate: '0.0002' }));
    await execution.feeRates(instrumentId);
    expect(scripted.count(commission)).toBe(1);
    await execution.feeRates(InstrumentId.of('sim', 'ETH-USDT'));
    ahead = 3_601 * second;
    await execution.feeRates(instrumentId);
    expect(scripted.requests.filter(({ name }) => name === commission).map(({ params }) => params['symbol'])).toEqual([
      'BTCUSDT',
      'ETHUSDT',
      'BTCUSDT',
    ]);
  });

  it('stand while the venue does not answer, and are not made up before it did', async () => {
    scripted.on(commission, { status: 502, body: '' });
    await expect(execution.feeRates(instrumentId)).rejects.toMatchObject({ code: 'VENUE_OVERLOADED' });
    scripted.on(commission, { status: 200, body: { standardCommission: rates('0.0003', '0.0004') } });
    await execution.feeRates(instrumentId);
    ahead = 3_601 * second;
    scripted.on(commission, { status: 502, body: '' });
    expect(await execution.feeRates(instrumentId)).toMatchObject({ makerFeeRate: '0.0003' });
  });

  it('are those of the whole account where the venue does not tell them by symbol, and it is not asked again and again', async () => {
    scripted.on(commission, { status: 404, body: { code: -1000, msg: 'No such endpoint' } });
    scripted.on(account, { status: 200, body: { commissionRates: rates('0.0005', '0.0006') } });
    expect(await execution.feeRates(instrumentId)).toMatchObject({ makerFeeRate: '0.0005', takerFeeRate: '0.0006' });
    await execution.feeRates(InstrumentId.of('sim', 'ETH-USDT'));
    expect([scripted.count(commission), scripted.count(account)]).toEqual([1, 2]);
  });
});

describe('the fees of an account at the simulated exchange', () => {
  it('are those that it was started with, and what its fills cost', async () => {
    const exchange = await startSimulatedExchange(['--maker-fee', '0.0002', '--taker-fee', '0.00045']);
    const options = { venue: VenueId.of('sim'), addresses: exchange.addresses, clock: wallClock, rng: seededRng(1) };
    const execution = await BinanceExecutionVenue.create(options, exchange.credentials);
    try {
      expect(await execution.feeRates(instrumentId)).toEqual({
        instrumentId,
        makerFeeRate: '0.0002',
        takerFeeRate: '0.00045',
      });
    } finally {
      await execution.close();
      await exchange.stop();
    }
  });
});

describe('a fee rate', () => {
  it('adds what the side that pays more, a special tier and a tax take', () => {
    const payload = {
      standardCommission: rates('0.0007', '0.00075', '0.00001', '0.00002'),
      specialCommission: rates('0.0001', '0.0001'),
      taxCommission: rates('0.00112', '0.00114', '0', '0.000001'),
      discount: { enabledForAccount: true, discount: '0.75' },
    };
    expect(parseCommission(payload)).toEqual({ makerFeeRate: '0.001941', takerFeeRate: '0.002011' });
  });

  it('is read from basis points where the account tells nothing else', () => {
    const payload = { makerCommission: 10, takerCommission: 15, buyerCommission: 0, sellerCommission: 1 };
    expect(parseAccountRates(payload)).toEqual({ makerFeeRate: '0.0011', takerFeeRate: '0.0016' });
  });

  it.each(['-0.1', '1', 'x', 0.001])('of %p is refused instead of guessed', (maker) => {
    expect(() => parseCommission({ standardCommission: { ...rates('0', '0'), maker } })).toThrow(UnreadablePayload);
  });
});
