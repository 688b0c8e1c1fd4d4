import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { at, depth, HeardNews, snapshot, trade } from '../../test/captured-lines.js';
import { FileCaptureSource } from '../adapters/file-capture-source.js';
import { Exchange } from '../domain/exchange.js';
import type { Market } from '../domain/market.js';
import { type CaptureReport, RecordedFeed } from './recorded-feed.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'capture-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Replayed {
  readonly market: Market;
  readonly exchange: Exchange;
  readonly news: HeardNews;
  readonly report: CaptureReport;
  readonly told: readonly string[];
}

async function replayFile(file: string): Promise<Replayed> {
  const news = new HeardNews();
  const exchange = new Exchange(news);
  const told: string[] = [];
  const options = {
    source: new FileCaptureSource(file),
    speed: Number.POSITIVE_INFINITY,
    now: Date.now,
    tell: (text: string) => void told.push(text),
  };
  const { run } = await RecordedFeed.open(exchange, options);
  const [market] = exchange.allMarkets();
  if (market === undefined) throw new Error('no market');
  return { exchange, market, news, report: await run(Promise.resolve()), told };
}

async function replay(lines: readonly string[], pack = false): Promise<Replayed> {
  const file = join(folder, `${Math.random()}.ws`);
  const text = `${lines.join('\n')}\n`;
  await writeFile(file, pack ? gzipSync(text) : text);
  return replayFile(file);
}

const levels = ({ market }: Replayed, side: 'buy' | 'sell') =>
  market.book
    .depth(side, 9)
    .map(([price, lots]) => [(price * market.spec.tickUnits) / 1e8, (lots * market.spec.lotUnits) / 1e8]);

describe('a replayed capture', () => {
  test('splices the depth from before the snapshot by its ids', async () => {
    const done = await replay([
      at(0, depth(5, 9, [['2000.50', '9']], [])),
      at(1, depth(10, 14, [['2000.50', '1.50']], [['2001.00', '0']])),
      at(2, snapshot),
      at(3, depth(11, 12, [['1999.00', '8']], [])),
      at(4, depth(15, 20, [['1999.50', '2']], [])),
    ]);
    expect(levels(done, 'buy')).toEqual([
      [2000.5, 1.5],
      [2000, 3.5],
      [1999.5, 2],
    ]);
    expect(levels(done, 'sell')).toEqual([[2001.25, 4]]);
    expect(done.report).toEqual({ lines: 5, skipped: 0 });
  });

  test('takes the symbol, tick and lot from the data', async () => {
    const { market } = await replay([at(0, depth(13, 14, [], [])), at(1, snapshot)]);
    expect(market.spec).toMatchObject({
      symbol: 'ETH-USDT',
      wireSymbol: 'ETHUSDT',
      base: 'ETH',
      quote: 'USDT',
      tickUnits: 1e6,
      lotUnits: 1e6,
    });
  });

  test('tells its trades and makes candles of them', async () => {
    const { news, market } = await replay([
      at(0, snapshot),
      at(1, trade('2001.00', '0.5', false)),
      at(2, trade('2000.50', '0.25', true)),
    ]);
    expect(news.trades.map(({ price, quantity, buyerIsMaker }) => [price, quantity, buyerIsMaker])).toEqual([
      [200_100, 50, false],
      [200_050, 25, true],
    ]);
    expect(market.series('1m').current).toMatchObject({ open: 200_100, close: 200_050, volume: 75, trades: 2 });
  });

  test('follows futures by the id before (pu), from a packed file', async () => {
    const lines = [
      at(0, { ...snapshot, E: 1, T: 1 }),
      at(1, depth(8, 20, [['2000.50', '2']], [], { pu: 7 })),
      at(2, depth(25, 30, [['2000.50', '3']], [], { pu: 20 })),
    ];
    const done = await replay(lines, true);
    expect(levels(done, 'buy')[0]).toEqual([2000.5, 3]);
    expect(done.told).toEqual([]);
  });

  test('says so when its depth has a gap', async () => {
    const done = await replay([
      at(0, snapshot),
      at(1, depth(13, 14, [], [])),
      at(2, depth(20, 21, [['2000.50', '7']], [])),
    ]);
    expect(done.told).toEqual([expect.stringContaining('1 gaps')]);
    expect(levels(done, 'buy')[0]).toEqual([2000.5, 7]);
  });

  test('skips each malformed line, counts it and names it with its reason', async () => {
    const bad: [string, string][] = [
      ['no time at all', 'NO_RECEIVE_TIME'],
      [at(3, '{"stream":'), 'NOT_JSON'],
      [at(3, '[1,2]'), 'NOT_AN_EVENT'],
      [at(3, depth(15, 14, [], [])), 'BAD_FIELD'],
      [at(3, depth(15, 16, [['-1', '2']], [])), 'BAD_FIELD'],
      [at(3, trade('cheap', '1', true)), 'BAD_FIELD'],
      [at(3, trade('2000.503', '1', true)), 'OFF_TICK'],
      [at(3, { data: { ...trade('1', '1', true).data, s: 'BTCUSDT' } }), 'OTHER_SYMBOL'],
      [at(3, { lastUpdateId: 'x', bids: [], asks: [] }), 'BAD_FIELD'],
    ];
    // Enough good prices that a stray finer one does not make the tick.
    const many = Array.from({ length: 600 }, (_, index) =>
      at(
        1,
        trade(`20${String(10 + (index % 80)).padStart(2, '0')}.${String(index % 100).padStart(2, '0')}`, '0.01', true),
      ),
    );
    const done = await replay([
      at(0, depth(13, 14, [], [])),
      at(0, snapshot),
      ...many,
      ...bad.map(([line]) => line),
      at(4, depth(15, 16, [['2000.50', '6']], [])),
    ]);
    expect(done.report).toEqual({ lines: 603 + bad.length, skipped: bad.length });
    expect(done.told).toEqual(bad.map(([, reason], index) => `line ${603 + index} of the capture skipped: ${reason}`));
    expect(levels(done, 'buy')[0]).toEqual([2000.5, 6]);
  });

  test.each<[string, string[], string]>([
    ['without a snapshot', [at(0, depth(1, 2, [], []))], 'CAPTURE_NO_SNAPSHOT'],
    ['that is empty', [''], 'CAPTURE_NO_SNAPSHOT'],
    [
      'with an empty snapshot',
      [at(0, depth(1, 2, [], [])), at(1, { lastUpdateId: 3, bids: [], asks: [] })],
      'CAPTURE_NO_SNAPSHOT',
    ],
    [
      'of an unknown quote currency',
      [at(0, { data: { ...depth(1, 2, [], []).data, s: 'ABCXYZ' } }), at(1, snapshot)],
      'CAPTURE_UNKNOWN_SYMBOL',
    ],
    ['of garbage', Array.from({ length: 200 }, () => 'garbage'), 'CAPTURE_TOO_MANY_BAD_LINES'],
  ])('a file %s is refused with a code', async (_what, lines, code) => {
    await expect(replay(lines)).rejects.toMatchObject({ code });
  });

  test('a file that breaks off is refused, one that does not exist too', async () => {
    const whole = gzipSync(
      [
        at(0, depth(13, 14, [], [])),
        at(0, snapshot),
        ...Array.from({ length: 9_000 }, (_, index) =>
          at(index, trade(`${2000 + (index % 7)}.00`, `0.${index}1`, true)),
        ),
      ].join('\n'),
    );
    const file = join(folder, 'broken.gz');
    await writeFile(file, whole.subarray(0, whole.length - 500));
    await expect(replayFile(file)).rejects.toMatchObject({ code: 'CAPTURE_BROKEN' });
    await expect(replayFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'CAPTURE_NOT_READABLE' });
  });
});

describe.each([
  ['raw_binance_spot_btcusdt_20240808.ws.gz', { tickUnits: 1e6, lotUnits: 1e3 }, 41_249, 61_685.99],
  ['raw_binance_usdm_btcusdt_20240808.ws.gz', { tickUnits: 1e7, lotUnits: 1e5 }, 93_954, 61_659.7],
])('the capture %s', (name, steps, lines, lastBid) => {
  const file = join(process.cwd(), '..', 'shared', 'data', name);
  // Recorded data is not part of the product; where it is missing the check counts as skipped.
  const check = existsSync(file) ? test : test.skip;

  check('replays without a gap or a bad line, never crossed, to the book that its last best quote tells', async () => {
    const done = await replayFile(file);
    expect(done.report).toEqual({ lines, skipped: 0 });
    expect(done.told).toEqual([]);
    expect(done.market.spec).toMatchObject({ symbol: 'BTC-USDT', ...steps });
    expect(levels(done, 'buy')[0]?.[0]).toBe(lastBid);
    expect(Number(done.market.book.best('buy'))).toBeLessThan(Number(done.market.book.best('sell')));
  });
});
