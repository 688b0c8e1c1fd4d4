import { describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import { laneInstrument } from '../lane/lane-instrument.js';
import { pieces } from '../lane/scene.js';
import { MarketFeed } from './market-feed.js';
import { RefusedData } from './refused-data.js';
import { Scale } from './scale.js';

const instrument = unwrap(laneInstrument({ symbol: 'BTC-USDT', tick: '0.05', step: '0.001', notionalMin: '5' }));

async function rowsOf(text: string, size = 11): Promise<{ kind: string; rows: object[] }> {
  const feed = await MarketFeed.open({ name: 'a.csv', chunks: pieces(text, size) }, new Scale(instrument));
  const rows: object[] = [];
  await feed.refill();
  while (feed.state === 'row') {
    rows.push({ at: feed.at, ...feed.row });
    if (feed.advance() === 'starved') await feed.refill();
  }
  await feed.close();
  return { kind: feed.kind, rows };
}

async function faultOf(...lines: readonly string[]): Promise<string> {
  try {
    await rowsOf(lines.join('\n'));
  } catch (error) {
    if (error instanceof RefusedData) return `${error.fault.code} ${error.fault.text}`;
    throw error;
  }
  return 'none';
}

const candles = 'time,open,high,low,close,volume';
const trades = 'time,price,qty,side';

describe('a file of market data', () => {
  it('is told by its columns', async () => {
    const kindOf = async (...lines: readonly string[]) => (await rowsOf(lines.join('\r\n'))).kind;
    expect(await kindOf(candles, '1640995200,1,2,1,2,1')).toBe('candles');
    expect(await kindOf('exch_ts_ms,trade_id,price,qty,buyer_is_maker', '1640995200000,1,1,1,1')).toBe('trades');
    expect(await kindOf('exch_ts_ms,type,U,u,side,price,qty', '1640995200000,snapshot,,1,b,1,1')).toBe('book');
    expect(await kindOf('funding_time,funding_rate', '1640995200000,0.0001')).toBe('funding');
    const capture =
      '1723161253937085768 {"stream":"x","data":{"e":"trade","s":"BTCUSDT","p":"1","q":"1","m":true,"T":1723161255208}}';
    expect(await kindOf(capture)).toBe('capture');
  });

  it('reads the same in pieces of any size, in whole ticks and lots', async () => {
    const text = [trades, '1640995200,10.05,0.0025,buy', '1640995200.5,10,3,sell', ''].join('\n');
    const rows = [
      { at: 1_640_995_200_000_000, kind: 'trade', ticks: 201, lots: 2, aggressor: 'buy' },
      { at: 1_640_995_200_500_000, kind: 'trade', ticks: 200, lots: 3000, aggressor: 'sell' },
    ];
    for (const size of [1, 2, 7, 1_000]) expect((await rowsOf(text, size)).rows).toEqual(rows);
  });

  it('plays a bar as four prices, and knows how long it is from the one after it', async () => {
    const { rows } = await rowsOf([candles, '1640995200,1,2,1,2,1', '1640995260,2,2,2,2,1'].join('\n'));
    expect(
      rows.map((row) => [(row as { at: number }).at - 1_640_995_200_000_000, (row as { stage: number }).stage]),
    ).toEqual([
      [0, 0],
      [20_000_000, 1],
      [40_000_000, 2],
      [59_999_999, 3],
      [60_000_000, 0],
      [80_000_000, 1],
      [100_000_000, 2],
      [119_999_999, 3],
    ]);
  });

  it('joins the changes of one update of a book', async () => {
    const head = 'exch_ts_ms,type,U,u,side,price,qty';
    const lines = [
      head,
      '1640995200000,snapshot,,7,b,10,1',
      '1640995200000,snapshot,,7,a,11,2',
      ',update,8,9,a,11,0',
      '1640995200100,update,10,10,b,9,3',
    ];
    const { rows } = await rowsOf(lines.join('\n'));
    expect(rows).toMatchObject([
      { isSnapshot: true, bids: [[200, 1000]], asks: [[220, 2000]], ids: { lastId: 7 } },
      { isSnapshot: false, bids: [], asks: [[220, 0]], ids: { firstId: 8, lastId: 9 } },
      { isSnapshot: false, bids: [[180, 3000]], ids: { firstId: 10 } },
    ]);
  });

  it.each([
    ['ROW_NOT_IN_ORDER', 'Line 3', [trades, '1640995200,10,1,buy', '1640995199,10,1,buy']],
    ['ROW_NOT_IN_ORDER', 'Line 3', [candles, '1640995260,1,2,1,2,1', '1640995200,1,2,1,2,1']],
    ['ROW_TWICE', 'Line 3', [candles, '1640995200,1,2,1,2,1', '1640995200,1,2,1,2,1']],
    ['ROW_TWICE', 'Line 3', [`${trades},id`, '1640995200,10,1,buy,7', '1640995200,10,1,buy,7']],
    ['ROW_INCOMPLETE', 'Line 2', [trades, '1640995200,10,1']],
    ['QUOTE_NOT_CLOSED', 'Line 2', [`${trades},note`, '1640995200,10,1,buy,"a']],
    ['QUOTE_NOT_CLOSED', 'Line 1', [`${trades},"note`, '1640995200,10,1,buy,a']],
    ['NOT_A_TIME', 'Line 2: time is "x"', [trades, 'x,10,1,buy']],
    ['NOT_A_TIME', 'Line 2: time is "20220131"', [candles, '20220131,1,2,1,2,1']],
    ['NOT_A_NUMBER', 'Line 2: price is "NaN"', [trades, '1640995200,NaN,1,buy']],
    ['NOT_A_NUMBER', 'Line 2: price is "-1"', [trades, '1640995200,-1,1,buy']],
    ['NOT_A_NUMBER', 'Line 2: quantity is "?"', [trades, '1640995200,10,?,buy']],
    ['NOT_A_NUMBER', 'Line 2: side is "up"', [trades, '1640995200,10,1,up']],
    ['PRICE_OFF_TICK', 'Line 2: price 10.01', [trades, '1640995200,10.01,1,buy']],
    ['BAR_IMPOSSIBLE', 'Line 2', [candles, '1640995200,1,2,1.5,2,1']],
    ['NOT_A_NUMBER', 'Line 2: rate is "1"', ['time,funding_rate', '1640995200,1']],
    ['COLUMNS_MISSING', 'time,price', ['time,price', '1640995200,1']],
    ['COLUMN_TWICE', 'names close twice', ['time,open,high,low,close,close', '1640995200,1,2,1,2,1']],
    ['COLUMN_TWICE', 'names time twice', ['time,open,high,low,close,time', '1640995200,1,2,1,2,1']],
    ['COLUMNS_MISSING', 'names no columns: "time;open', ['time;open;high;low;close', '1640995200;1;2;1;2']],
    ['NO_ROWS', 'There is a header', [trades]],
    ['NO_ROWS', 'The file is empty', ['']],
    ['CAPTURE_UNREADABLE', 'Line 2', ['1723161253937085768 {"e":"x"}', '1723161253937085768 {']],
  ])('is refused: %s, %s', async (code, text, lines) => {
    const fault = await faultOf(...lines);
    expect(fault).toContain(`${code} a.csv: `);
    expect(fault.split('a.csv')).toHaveLength(2);
    expect(fault).toContain(text);
  });

  it('leaves out spaces around a field, and quotes', async () => {
    const { rows } = await rowsOf([`${candles},note`, '1640995200, 1,2 , "1" ,2,1,"a, b"'].join('\n'));
    expect(rows[0]).toMatchObject({ open: 20, high: 40, low: 20, close: 40 });
  });

  it('cuts off what is finer than a lot, however it is written', async () => {
    const { rows } = await rowsOf(
      [candles, '1640995200,1,2,1,2,0.2268200000000002', '1640995260,1,2,1,2,1e-3'].join('\n'),
    );
    expect(rows.map((row) => (row as { volume: number }).volume)).toEqual([226, 226, 226, 226, 1, 1, 1, 1]);
  });
});
