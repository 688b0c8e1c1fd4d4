import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '@scalpstorm/config';
import { marketDataEnv, marketVenues } from './config.js';

const env = {
  NATS_URL: 'nats://127.0.0.1:4222',
  NATS_USER: 'market-data',
  NATS_PASSWORD: 'secret',
  POSTGRES_URL: 'postgres://user@127.0.0.1/db',
  REDIS_URL: 'redis://127.0.0.1:6379',
  SIM_REST_URL: 'http://127.0.0.1:9000',
  SIM_SPOT_WS_URL: 'ws://127.0.0.1:9000/stream/ws',
  SIM_WS_API_URL: 'ws://127.0.0.1:9000/ws-api/v3',
};
const venues = (extra: Record<string, string>) => marketVenues(loadConfig(marketDataEnv, { ...env, ...extra }));
const problems = (extra: Record<string, string>): readonly string[] => {
  try {
    venues(extra);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ variable }) => variable);
    throw error;
  }
  return [];
};

describe('the settings of market data', () => {
  it('follow all of the simulated exchange when nothing else is said', () => {
    expect(venues({})).toEqual([
      {
        selection: { venue: 'sim', symbols: 'all' },
        addresses: {
          rest: 'http://127.0.0.1:9000',
          spotWs: 'ws://127.0.0.1:9000/stream/ws',
          wsApi: 'ws://127.0.0.1:9000/ws-api/v3',
        },
      },
    ]);
  });

  it('name every variable that a selected venue lacks', () => {
    expect(problems({ MARKET_SYMBOLS: 'sim:*,binance:BTC-USDT', BINANCE_REST_URL: 'https://api.binance.com' })).toEqual(
      ['BINANCE_SPOT_WS_URL', 'BINANCE_WS_API_URL'],
    );
  });

  it('name the address that belongs to another environment than the others', () => {
    const live = {
      MARKET_SYMBOLS: 'binance:*',
      BINANCE_REST_URL: 'https://api.binance.com',
      BINANCE_SPOT_WS_URL: 'wss://stream.binance.com:9443/stream/ws',
    };
    expect(problems({ ...live, BINANCE_WS_API_URL: 'wss://ws-api.binance.com:443/ws-api/v3' })).toEqual([]);
    expect(problems({ ...live, BINANCE_WS_API_URL: 'wss://ws-api.testnet.binance.vision/ws-api/v3' })).toEqual([
      'BINANCE_WS_API_URL',
    ]);
  });

  it.each(['nowhere:BTC-USDT', 'BTCUSDT', 'sim:btc'])('refuse the instruments %p by name', (MARKET_SYMBOLS) => {
    expect(problems({ MARKET_SYMBOLS })).toEqual(['MARKET_SYMBOLS']);
  });
});
