import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { Money } from '@scalpstorm/model';
import { eventually } from '@scalpstorm/testkit';
import { RecordingExecutionListener } from '@scalpstorm/venue-api/testing';
import { BinanceExecutionVenue } from './binance-execution-venue.js';
import type { VenueNotice } from './options.js';
import { payload } from './testing/payload.js';
import { credentials, impatient, instrumentId, patience, report } from './testing/scripted-parts.js';
import { ScriptedVenue } from './testing/scripted-venue.js';
import { UnusualNames } from './unusual-names.js';

const foreignAsset = '币安人生';
const ok = (body: object) => ({ status: 200, body });

let scripted: ScriptedVenue;
let venue: BinanceExecutionVenue;
let heard: RecordingExecutionListener;
let notices: VenueNotice[];

const told = (code: VenueNotice['code']) => notices.filter((notice) => notice.code === code).map(({ text }) => text);
const openOrder = (changes: object): object => ({ ...payload('order-query'), status: 'NEW', ...changes });

beforeEach(async () => {
  notices = [];
  heard = new RecordingExecutionListener();
  scripted = await ScriptedVenue.start();
  venue = await BinanceExecutionVenue.create(impatient(scripted, notices), credentials);
});
afterEach(async () => {
  await venue.close();
  await scripted.stop();
});

describe('an account in which something has an unusual name', () => {
  it('tells its balances without it, and says so once', async () => {
    const balance = (asset: string) => ({ asset, free: '1', locked: '0' });
    scripted.on('GET /api/v3/account', ok({ balances: [balance(foreignAsset), balance('BTC')] }));
    for (let time = 0; time < 2; time += 1)
      expect(await venue.balances()).toEqual([
        { currency: 'BTC', free: Money.of('1', 'BTC'), locked: Money.of('0', 'BTC') },
      ]);
    expect(told('NAME_SKIPPED')).toEqual([`a balance of the asset "${foreignAsset}" is left out`]);
  });

  it('tells its open orders without those of a symbol that nobody knows', async () => {
    const orders = [
      openOrder({ symbol: `${foreignAsset}USDT`, clientOrderId: 'web_1' }),
      openOrder({ symbol: 'BTCUSDT' }),
    ];
    scripted.on('GET /api/v3/openOrders', ok(orders));
    for (let time = 0; time < 2; time += 1) expect(await venue.openOrders(null)).toMatchObject([{ instrumentId }]);
    expect(told('NAME_SKIPPED')).toEqual([`an order of the symbol "${foreignAsset}USDT" is left out`]);
  });

  it('tells a fill whose fee has such a name with a fee of nothing, and loses none', async () => {
    const [trade = {}] = payload('my-trades') as unknown as readonly object[];
    scripted.on('GET /api/v3/myTrades', ok([{ ...trade, commissionAsset: foreignAsset, commission: '3' }, trade]));
    const fills = await venue.fillsSince(instrumentId, { since: Timestamp.fromMicros(0) });
    expect(fills.map(({ fee }) => fee)).toEqual([Money.of('0', 'USDT'), expect.objectContaining({ currency: 'BTC' })]);
    expect(told('NAME_SKIPPED')).toHaveLength(1);
  });

  it('keeps its stream when an event has such a name', async () => {
    await venue.open(heard);
    for (let time = 0; time < 3; time += 1) scripted.tellUser(report('new', { s: `${foreignAsset}USDT`, c: 'web_1' }));
    const position = {
      ...payload('account-position'),
      B: [
        { a: foreignAsset, f: '1', l: '0' },
        { a: 'BTC', f: '2', l: '0' },
      ],
    };
    scripted.tellUser(position);
    scripted.tellUser(report('trade', { n: '1', N: foreignAsset }));
    await eventually(() => expect(heard.fills.map(({ fill }) => fill.fee)).toEqual([Money.of('0', 'USDT')]), patience);
    expect(heard.connection).toEqual([]);
    expect(told('NAME_SKIPPED')).toHaveLength(3);
    expect(told('UNREADABLE_PAYLOAD')).toEqual([]);
  });

  it('asks for the symbols again, compares what was left out of a new one, and says when it cannot', async () => {
    const info = payload('exchange-info');
    const [listed = {}] = info['symbols'] as readonly object[];
    const withNew = { ...info, symbols: [listed, { ...listed, symbol: 'NEWUSDT', baseAsset: 'NEW' }] };
    await venue.open(heard);
    scripted.on('GET /api/v3/exchangeInfo', ok(withNew));
    scripted.tellUser(report('new', { s: 'NEWUSDT' }));
    await eventually(() => expect(heard.connection).toEqual(['reconnected']), patience);
    scripted.tellUser(report('new', { s: 'NEWUSDT' }));
    await eventually(() => expect(heard.reports).toHaveLength(1), patience);
  });

  it('says that the symbols could not be read again', async () => {
    await venue.open(heard);
    scripted.on('GET /api/v3/exchangeInfo', { status: 503, body: 'Service Unavailable' });
    scripted.tellUser(report('new', { s: 'NEWUSDT' }));
    await eventually(() => expect(told('DIRECTORY_STALE')).toHaveLength(1), patience);
  });
});

describe('unusual names', () => {
  it('are told in a bounded number', () => {
    const texts: string[] = [];
    const names = new UnusualNames(({ text }) => texts.push(text));
    for (let name = 0; name < 2_000; name += 1) names.skip('an asset', `asset ${name}`);
    expect(texts).toHaveLength(1_000);
    expect(names.skip('an asset', 'asset 1')).toBe(false);
  });
});
