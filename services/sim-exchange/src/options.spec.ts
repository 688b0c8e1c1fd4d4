import { describe, expect, test } from '@jest/globals';
import { help, optionNames, readOptions } from './options.js';

describe('the options of the command', () => {
  test('have defaults that start a market at once', () => {
    expect(readOptions([], {})).toMatchObject({
      host: '127.0.0.1',
      port: 0,
      seed: 1,
      symbols: ['BTC-USDT', 'ETH-USDT', 'SOL-USDT'],
      file: null,
      speed: 1,
      historyDays: 30,
      fees: { maker: 100_000n, taker: 100_000n, asset: null },
      admin: false,
      state: null,
      reset: false,
    });
  });

  test('give the same key for the same seed and different ones to different accounts', () => {
    const keys = (seed: string) =>
      readOptions(['--seed', seed, '--accounts', '3'], {})?.accounts.map(({ apiKey }) => apiKey) ?? [];
    expect(keys('4')).toEqual(keys('4'));
    expect(new Set([...keys('4'), ...keys('5')]).size).toBe(6);
  });

  test('read fees exactly, the one apart from the other', () => {
    expect(readOptions(['--maker-fee', '0', '--taker-fee', '0.00012345'], {})?.fees).toEqual({
      maker: 0n,
      taker: 12_345n,
      asset: null,
    });
  });

  test('read the asset that pays the fees, priced by its market or by hand', () => {
    expect(readOptions(['--fee-asset', 'BNB', '--symbols', 'BTC-USDT,BNB-USDT'], {})?.fees.asset).toEqual({
      name: 'BNB',
      opening: 1_000n * 10n ** 16n,
      fixedPrice: null,
    });
    const byHand = ['--fee-asset', 'BNB', '--fee-asset-price', '612.5', '--fee-asset-balance', '0.25'];
    expect(readOptions(byHand, {})?.fees.asset).toEqual({
      name: 'BNB',
      opening: 25n * 10n ** 14n,
      fixedPrice: 61_250_000_000n,
    });
  });

  test('read the limits of the venue, which are generous unless told', () => {
    expect(readOptions([], {})?.limits).toMatchObject({ weightPerMinute: 600_000, ordersPer10Seconds: 100_000 });
    expect(readOptions(['--weight-limit', '6000', '--orders-10s-limit', '50'], {})?.limits).toMatchObject({
      weightPerMinute: 6_000,
      ordersPer10Seconds: 50,
      ordersPerDay: 100_000_000,
    });
  });

  test('take the first account from the environment', () => {
    expect(readOptions([], { SIM_API_KEY: 'mine', SIM_SECRET: 'own' })?.accounts).toEqual([
      { apiKey: 'mine', secret: 'own' },
    ]);
  });

  test.each<[string[], Record<string, string>, string, string]>([
    [['--sed', '3'], {}, 'UNKNOWN_OPTION', 'did you mean --seed?'],
    [['--port'], {}, 'OPTION_VALUE_MISSING', '--port'],
    [['--port', '70000'], {}, 'OPTION_OUT_OF_RANGE', '0 to 65535'],
    [['--seed', 'x'], {}, 'OPTION_OUT_OF_RANGE', '--seed'],
    [['--speed', '0'], {}, 'OPTION_OUT_OF_RANGE', '--speed'],
    [['--speed', 'fast'], {}, 'OPTION_OUT_OF_RANGE', 'max'],
    [['--maker-fee', '0.2'], {}, 'OPTION_OUT_OF_RANGE', '0 to 0.1'],
    [['--maker-fee', '1e-4'], {}, 'OPTION_OUT_OF_RANGE', '--maker-fee'],
    [['--taker-fee', '0.000000001'], {}, 'OPTION_OUT_OF_RANGE', '8 decimals'],
    [['--taker-fee=-0.001'], {}, 'OPTION_OUT_OF_RANGE', '--taker-fee'],
    [['--history-days', '91'], {}, 'OPTION_OUT_OF_RANGE', '0 to 90'],
    [['--accounts', '0'], {}, 'OPTION_OUT_OF_RANGE', '--accounts'],
    [['--symbols', 'BTCUSDT'], {}, 'BAD_SYMBOL', 'BTCUSDT'],
    [['--symbols', 'A-B,A-B'], {}, 'BAD_SYMBOL', 'different'],
    [['--fee-asset', 'BNB'], {}, 'OPTION_NEEDS_ANOTHER', '--fee-asset-price'],
    [['--fee-asset', 'bnb'], {}, 'BAD_ASSET', 'BNB'],
    [['--fee-asset-price', '600'], {}, 'OPTION_NEEDS_ANOTHER', '--fee-asset'],
    [['--fee-asset', 'BNB', '--fee-asset-price', '0'], {}, 'OPTION_OUT_OF_RANGE', 'above 0'],
    [
      ['--fee-asset', 'BNB', '--fee-asset-price', '1', '--fee-asset-balance', '-1'],
      {},
      'OPTION_VALUE_MISSING',
      '--fee-asset-balance',
    ],
    [['--reset'], {}, 'OPTION_NEEDS_ANOTHER', '--state DIR'],
    [['--state', ' '], {}, 'BAD_STATE_DIRECTORY', 'the path of a directory'],
    [['extra'], {}, 'UNKNOWN_OPTION', 'extra'],
    [[], { SIM_API_KEY: 'only' }, 'BAD_SIM_SECRET', 'SIM_SECRET'],
    [[], { SIM_SECRET: 'only' }, 'BAD_SIM_API_KEY', 'SIM_API_KEY'],
  ])('%j %j is refused with %s', (argv, env, code, text) => {
    expect(() => readOptions(argv, env)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(text) }),
    );
  });

  test('are all in the help text', () => {
    for (const name of optionNames) expect(help).toContain(`--${name}`);
    expect(readOptions(['--help'], {})).toBeNull();
  });
});
