import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { symbolOf } from './backtest/lane-files.js';
import { commandLine } from './scene.js';

const folder = mkdtempSync(join(tmpdir(), 'backtest-exact-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function backtest(...args: readonly string[]) {
  return await commandLine(['backtest', ...args, '--json']);
}

async function told(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await backtest(...args);
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const cycle = [
  ...['--strategy', 'scalping-cycle', '--set', 'quantity=1'],
  ...['--set', 'buyPrice.fixed=100', '--set', 'sellPrice.fixed=110', '--set', 'loop=false'],
] as const;

/** One after another, a minute each: the price falls through 100 and rises through 110. */
const rows = [
  [105, 105, 105, 105],
  [105, 106, 99, 101],
  [101, 111, 101, 108],
];
const csv = [
  'time,open,high,low,close,volume',
  ...rows.map((row, at) => [1_640_995_200 + 60 * at, ...row, 10].join(',')),
].join('\n');
const file = join(folder, 'BTC-USDT_1m.csv');
writeFileSync(file, csv);
const zipped = join(folder, 'btcusdt_1m.csv.gz');
writeFileSync(zipped, gzipSync(csv));

describe('scalpstorm backtest of a live strategy', () => {
  it('comes to what anybody can reckon by hand, to the last digit', async () => {
    const result = await told(...cycle, '--data', file, '--fee-bps', '20', '--maker-fee-bps', '7.5');
    // 0.99925 bought; sold for 109.9175 are whole steps of it less 0.075 percent.
    expect(result).toMatchObject({
      mode: 'backtest',
      path: 'exact',
      strategy: 'scalping-cycle',
      fills: 2,
      trades: 1,
      cycles: 1,
      orderStates: { filled: 2 },
      denied: {},
      exact: { finalEquity: '10009.835061875', balances: { USDT: '10009.835061875', BTC: '0' } },
    });
    expect(result['finalEquity']).toBe(10_009.835061875);
  });

  it('gives the same JSON twice, compressed or not, but for the timings', async () => {
    const figures = async (data: string) => {
      const { seconds: _seconds, rowsPerSecond: _rows, data: _data, ...rest } = await told(...cycle, '--data', data);
      return rest;
    };
    const first = await figures(file);
    expect(await figures(file)).toEqual(first);
    expect(await figures(zipped)).toEqual(first);
  });

  it('trades several markets on one account, each by its own file', async () => {
    const eth = join(folder, 'eth.csv');
    writeFileSync(eth, csv);
    const result = await told(...cycle, '--data', file, '--data', `ETH-USDT=${eth}`, '--fee-bps', '0');
    expect(result).toMatchObject({ fills: 4, cycles: 2, exact: { finalEquity: '10020' } });
    expect((result['bots'] as { symbol: string }[]).map(({ symbol }) => symbol)).toEqual(['BTC-USDT', 'ETH-USDT']);
  });

  it('writes its fills, round trips and equity', async () => {
    const [fills, trades, equity] = ['fills.csv', 'trades.csv', 'equity.csv'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await told(...cycle, '--data', file, '--fee-bps', '0', '--fills', fills, '--trades', trades, '--equity', equity);
    expect(readFileSync(fills, 'utf8')).toBe(
      [
        'at_us,instrument,order,side,quantity,price,fee,fee_asset,liquidity',
        '1640995300000000,backtest:BTC-USDT,s00000001N000000000,buy,1,100,0,BTC,maker',
        '1640995360000000,backtest:BTC-USDT,s00000001X000000000,sell,1,110,0,USDT,maker',
        '',
      ].join('\n'),
    );
    expect(readFileSync(trades, 'utf8')).toContain('long,1640995300000000,1640995360000000,1,100,110,0,10\n');
    expect(readFileSync(equity, 'utf8')).toBe(
      'at_us,equity\n1640995260000000,10000\n1640995320000000,10001\n1640995380000000,10010\n',
    );
  });

  describe('over bars, where it is asked to', () => {
    const data = join(folder, 'wave-USDT.csv');
    const wave = Array.from({ length: 400 }, (_, at) => Math.round(100 * (100 + 10 * Math.sin(at / 15))) / 100);
    const text = wave.map((close, at) => {
      const open = wave[at - 1] ?? close;
      return [1_640_995_200 + 60 * at, open, Math.max(open, close), Math.min(open, close), close, 10].join(',');
    });
    writeFileSync(data, ['time,open,high,low,close,volume', ...text].join('\n'));
    const market = ['--data', data, '--symbol', 'BTC-USDT', '--fee-bps', '0'];
    const exact = [...market, '--exact', '--set', 'quantity=1', '--set', 'slippageBps=100', '--tick', '0.01'];
    const rule = fileURLToPath(new URL('../../../examples/strategies/ema-cross.json', import.meta.url));

    it.each([
      ['of the platform', 'ema-cross'],
      ['of a rule file', rule],
    ])('runs a strategy as it runs live: one %s', async (_, strategy) => {
      const args = ['--strategy', strategy, '--set', 'fast=5', '--set', 'slow=15'];
      const plain = await told(...args, ...market, '--size', 'quantity:1');
      const live = await told(...args, ...exact);
      expect(plain['trades']).toBeGreaterThan(3);
      // The same rule, filled at the open of the next bar.
      expect([live['fills'], live['trades']]).toEqual([plain['fills'], plain['trades']]);
      expect(live['finalEquity']).toBeCloseTo(plain['finalEquity'] as number, 6);
    });

    it('counts as a trial of its strategy, the very same once, and a search over bars knows it', async () => {
      const registry = ['--trials', join(folder, 'trials.jsonl')];
      const args = ['--strategy', 'ema-cross', '--set', 'fast=5', '--set', 'slow=15'];
      const trials = async (...more: readonly string[]) => (await told(...args, ...more))['trials'];
      expect(await trials(...exact, ...registry)).toEqual({ ever: { count: 1, variance: 0 } });
      // A default that is said, and another look at the same run.
      const said = [...exact, '--set', 'loop=true', '--equity-every', '3600'];
      expect(await trials(...said, ...registry)).toMatchObject({ ever: { count: 1 } });
      expect(await trials(...exact, '--order-latency-ms', '20', ...registry)).toMatchObject({ ever: { count: 2 } });
      expect(await trials(...market, '--size', 'quantity:1', ...registry)).toMatchObject({ ever: { count: 3 } });
      expect(await trials(...exact, '--no-trials')).toBeNull();
      const search = ['optimise', '--strategy', 'ema-cross', '--data', data, '--set', 'slow=15', '--space', 'fast=5'];
      const found = await commandLine([...search, '--no-walk-forward', ...registry, '--json']);
      expect(JSON.parse(found.stdout)).toMatchObject({ trials: { run: 1, ever: { count: 4 } } });
    });

    it('refuses a parameter that every bot has, and asks for --exact only where it is missing', async () => {
      const sized = join(folder, 'sized.json');
      const quantity = { kind: 'number', title: 'Quantity', description: 'Its own.', default: 1, min: 1, max: 2 };
      const written = JSON.parse(readFileSync(rule, 'utf8'));
      writeFileSync(sized, JSON.stringify({ ...written, parameters: { ...written.parameters, quantity } }));
      const refused = await backtest('--strategy', sized, ...exact);
      expect(`${refused.stdout}${refused.stderr}`).toContain('"STRATEGY_MALFORMED"');
      const plain = await backtest('--strategy', rule, ...market, '--tick', '0.01');
      expect(`${plain.stdout}${plain.stderr}`).toContain('add --exact, or leave it out');
      const sizes = await backtest('--strategy', rule, ...exact, '--size', 'all-in');
      expect(`${sizes.stdout}${sizes.stderr}`).toContain('--size says nothing to the exact way.');
    });
  });

  it.each([
    ['FILE_UNREADABLE', ['--data', join(folder, 'none-USDT.csv'), '--symbol', 'BTC-USDT']],
    ['FILE_UNREADABLE', ['--data', `BTC-USDT=${folder}`]],
    ['OTHER_WAY', ['--data', file, '--size', 'fraction:0.5']],
    ['SYMBOL_UNKNOWN', ['--data', join(folder, 'fills.csv')]],
    ['INVALID_OPTION', ['--data', file, '--queue', 'much']],
    ['INVALID_OPTION', ['--data', file, '--market', 'casino']],
    ['INVALID_OPTION', ['--data', file, '--fee-bps', 'ten']],
    ['INVALID_OPTION', ['--data', file, '--order-latency-ms', '5:']],
    ['INVALID_OPTION', ['--data', file, '--limit', 'nothing=1']],
    ['NOT_ALLOWED', ['--data', file, '--tick', '0']],
    ['NO_FAST_PATH', ['--data', file, '--fast']],
    ['PRICE_OFF_TICK', ['--data', file, '--tick', '2']],
    ['OPTION_TWICE', ['--data', file, '--tick', '0.1', '--tick', '0.01']],
    ['OPTION_TWICE', ['--data', file, '--limit', 'ordersPerMinuteMax=1', '--limit', 'ordersPerMinuteMax=2']],
    ['OPTION_TWICE', ['--data', file, '--data', file]],
    ['FILE_NOT_WRITTEN', ['--data', file, '--fills', join(folder, 'no', 'fills.csv')]],
    ['QUOTES_DIFFER', ['--data', file, '--data', `BTC-EUR=${file}`]],
  ])('refuses by name: %s', async (code, args) => {
    const { status, stdout, stderr } = await backtest(...cycle, ...args);
    expect(status).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain(`"${code}"`);
  });

  it.each([
    ['--fee-bps', '-1', '0 to 1000 basis points'],
    ['--fee-bps', '10001', '0 to 1000 basis points'],
    ['--maker-fee-bps', '-1001', '-1000 to 1000 basis points'],
    ['--fee-tier', '1000000:8:-1', '0 to 1000 basis points'],
  ])('refuses %s %s by its name and range', async (flag, value, range) => {
    const { stderr } = await backtest(...cycle, '--data', file, flag, value);
    expect(stderr).toContain(`INVALID_OPTION: ${flag} cannot be`);
    expect(stderr).toContain(range);
  });

  it('pays who rests where --maker-fee-bps is below 0', async () => {
    const result = await told(...cycle, '--data', file, '--maker-fee-bps', '-10');
    expect(result['totalFees']).toBeLessThan(0);
  });

  it.each([[[]], [['--balance', 'DOGE=1']]])('refuses to start with nothing that counts: --cash 0 %j', async (more) => {
    const { stdout, stderr } = await backtest(...cycle, '--data', file, '--cash', '0', ...more);
    expect(`${stdout}${stderr}`).toContain('"NOT_ALLOWED"');
    expect(`${stdout}${stderr}`).toContain('above 0');
  });

  it('starts with what is traded instead of cash', async () => {
    expect(await told(...cycle, '--data', file, '--cash', '0', '--balance', 'BTC=1')).toMatchObject({ fills: 0 });
  });

  it('finds the market in the name of a file', () => {
    expect(symbolOf('binance_spot_btcusdt_20240808_trades.csv.gz')).toBe('BTC-USDT');
    expect(symbolOf('ETH-USD_1m.csv')).toBe('ETH-USD');
    expect(symbolOf('btcfdusd.csv')).toBe('BTC-FDUSD');
    expect(symbolOf('btc-perp_1m.csv')).toBeNull();
  });
});

const capture = fileURLToPath(
  new URL('../../../../shared/data/raw_binance_usdm_btcusdt_20240808.ws.gz', import.meta.url),
);
(existsSync(capture) ? describe : describe.skip)('a recorded capture', () => {
  it('is data as it is', async () => {
    const result = await told(
      ...cycle.slice(0, 2),
      '--set',
      'quantity=0.01',
      '--set',
      'buyPrice.fixed=61660',
      '--set',
      'sellPrice.fixed=61666',
      ...['--data', capture, '--market', 'perpetual', '--fee-bps', '0', '--tick', '0.1', '--step', '0.001'],
    );
    expect(result['data']).toMatchObject([{ kind: 'capture', symbol: 'BTC-USDT' }]);
    expect(result['fills']).toBeGreaterThan(2);
    expect(result['warnings']).not.toContainEqual(expect.objectContaining({ code: 'BOOK_HAS_GAPS' }));
  });
});
