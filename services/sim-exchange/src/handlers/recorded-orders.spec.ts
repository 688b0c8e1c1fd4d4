import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { at, depth, HeardNews, snapshot, trade } from '../../test/captured-lines.js';
import { FileCaptureSource } from '../adapters/file-capture-source.js';
import { Exchange } from '../domain/exchange.js';
import type { Market } from '../domain/market.js';
import type { VenueError } from '../domain/venue-error.js';
import type { NewOrder, VenueOrder } from '../domain/venue-order.js';
import { type CaptureReport, RecordedFeed } from './recorded-feed.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'capture-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Opened {
  readonly exchange: Exchange;
  readonly market: Market;
  readonly news: HeardNews;
  readonly run: (hold: Promise<void>) => Promise<CaptureReport>;
  readonly place: (changes: Partial<NewOrder>) => VenueOrder | VenueError;
}

let files = 0;
async function open(lines: readonly string[]): Promise<Opened> {
  files += 1;
  const file = join(folder, `${files}.ws`);
  await writeFile(file, lines.join('\n'));
  const news = new HeardNews();
  const exchange = new Exchange(news);
  const { run } = await RecordedFeed.open(exchange, {
    source: new FileCaptureSource(file),
    speed: Number.POSITIVE_INFINITY,
    now: Date.now,
    tell: () => {},
  });
  const [market] = exchange.allMarkets();
  if (market === undefined) throw new Error('no market');
  const account = exchange.openAccount({ apiKey: 'k', secret: 's' });
  account.deposit('USDT', 10n ** 22n);
  let ids = 0;
  const usual = { side: 'buy', type: 'LIMIT', timeInForce: 'GTC', selfTradePrevention: 'none' } as const;
  const place = (changes: Partial<NewOrder>) => {
    ids += 1;
    const amounts = { price: 200_050, quantity: 100, quoteQuantity: 0n, stopPrice: 0, trailingDelta: 0 };
    return exchange.place(account, { ...usual, ...amounts, market, clientOrderId: `o${ids}`, ...changes }, Date.now());
  };
  return { exchange, market, news, run, place };
}

const head = [at(0, depth(1, 2, [], [])), at(1, snapshot)];

describe('on a replayed capture', () => {
  test('nothing plays on past the first trade until it is let', async () => {
    const { news, run } = await open([...head, at(2, trade('2000.50', '1', true)), at(3, trade('2000.00', '1', true))]);
    const go = Promise.withResolvers<void>();
    const first = Promise.withResolvers<void>();
    news.traded = (_market, one) => {
      news.trades.push(one);
      first.resolve();
    };
    const running = run(go.promise);
    await first.promise;
    expect(news.trades).toHaveLength(1);
    go.resolve();
    expect(await running).toEqual({ lines: 4, skipped: 0 });
    expect(news.trades).toHaveLength(2);
  });

  test('a resting order is filled by its trades, and no lot is told twice', async () => {
    const { news, run, place } = await open([
      ...head,
      at(2, trade('2000.50', '2', true)),
      at(3, trade('2000.00', '1', true)),
    ]);
    const order = place({});
    expect(order).toMatchObject({ status: 'NEW' });
    await run(Promise.resolve());
    // 1.25 were before us: of the 2.00 traded 0.75 is ours, and 0.25 of the 1.00 that went through our price.
    expect(order).toMatchObject({ status: 'FILLED', executed: 100 });
    expect(news.trades.map(({ price, quantity }) => [price, quantity])).toEqual([
      [200_050, 75],
      [200_050, 125],
      [200_050, 25],
      [200_000, 75],
    ]);
  });

  test('the price band counts from the recorded trades, and there is none before the first', async () => {
    const { market, run, place } = await open([
      ...head,
      at(2, trade('2000.00', '3', true)),
      at(3, trade('2004.00', '1', false)),
    ]);
    expect(market.averagePrice(Date.now())).toBeNull();
    expect(place({ price: 10_000 })).toMatchObject({ status: 'NEW' });
    await run(Promise.resolve());
    expect(market.averagePrice(Date.now())).toBe(2_001n * 10n ** 8n);
    const outside = { code: -1013, msg: 'Filter failure: PERCENT_PRICE_BY_SIDE' };
    expect(place({ price: 40_020 })).toMatchObject({ status: 'NEW' });
    expect(place({ price: 40_019 })).toMatchObject(outside);
    expect(place({ price: 1_000_500 })).toMatchObject({ type: 'LIMIT' });
    expect(place({ price: 1_000_501 })).toMatchObject(outside);
  });
});
