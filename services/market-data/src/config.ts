import { ConfigError, commonEnv, durationMs, natsEnv, postgresEnv, redisEnv, setting, url } from '@scalpstorm/config';
import { millisecond } from '@scalpstorm/kernel';
import { VenueId } from '@scalpstorm/model';
import { BadAddresses, type BinanceAddresses, environmentOf } from '@scalpstorm/venue-binance';
import { z } from 'zod';
import type { FeedLimits } from './domain/feed-condition.js';
import { parseSelection, type Selection } from './domain/selection.js';

export const MARKET_SETTINGS = Symbol('MARKET_SETTINGS');

const rest = (example: string) => url({ protocols: ['http', 'https'], example }).optional();
const socket = (example: string) => url({ protocols: ['ws', 'wss'], example }).optional();

export const marketDataEnv = z.object({
  ...commonEnv,
  ...natsEnv,
  ...postgresEnv,
  ...redisEnv,
  SIM_REST_URL: rest('http://127.0.0.1:9000'),
  SIM_SPOT_WS_URL: socket('ws://127.0.0.1:9000/stream/ws'),
  SIM_WS_API_URL: socket('ws://127.0.0.1:9000/ws-api/v3'),
  BINANCE_REST_URL: rest('https://api.binance.com'),
  BINANCE_SPOT_WS_URL: socket('wss://stream.binance.com:9443/stream/ws'),
  BINANCE_WS_API_URL: socket('wss://ws-api.binance.com:443/ws-api/v3'),
  /** Which instruments are followed; every venue that is named needs its three addresses. */
  MARKET_SYMBOLS: setting(
    z.string().refine((text) => parseSelection(text) !== null),
    { expected: 'instruments, or all of a venue as venue:*, separated by commas', example: 'sim:*,binance:BTC-USDT' },
  ).default('sim:*'),
  /** A live feed that is silent for longer is told as stale. */
  MARKET_STALE_AFTER: durationMs({ minMs: 500, maxMs: 600_000, example: '10s' }).default(10_000),
  /** The sockets of a venue are down for longer: prices and trades are asked for. */
  MARKET_POLL_AFTER: durationMs({ minMs: 1_000, maxMs: 600_000, example: '5s' }).default(5_000),
  /** Between two questions of a venue while its sockets are down. */
  MARKET_POLL_EVERY: durationMs({ minMs: 500, maxMs: 60_000, example: '1s' }).default(1_000),
});
export type MarketSettings = z.output<typeof marketDataEnv>;

/** A feed that asks for its prices is live while the newest is no older than so many pauses between two questions. */
const polledForFactor = 3;

export function feedLimits(settings: MarketSettings): FeedLimits {
  const staleAfter = settings.MARKET_STALE_AFTER * millisecond;
  const polledFor = Math.min(staleAfter, polledForFactor * settings.MARKET_POLL_EVERY * millisecond);
  return { staleAfter, outage: { pollAfter: settings.MARKET_POLL_AFTER * millisecond, polledFor } };
}

export interface MarketVenue {
  readonly selection: Selection;
  readonly addresses: BinanceAddresses;
}

const venueNames: Readonly<Record<string, 'SIM' | 'BINANCE'>> = { sim: 'SIM', binance: 'BINANCE' };

const parts = { rest: 'REST_URL', spotWs: 'SPOT_WS_URL', wsApi: 'WS_API_URL' } as const;

/** The venues of `MARKET_SYMBOLS` with their addresses. @throws ConfigError when one has none, or those of two environments */
export function marketVenues(settings: MarketSettings): readonly MarketVenue[] {
  return (parseSelection(settings.MARKET_SYMBOLS) ?? []).map((selection) => {
    const name = venueNames[selection.venue];
    if (name === undefined) {
      const expected = `venues out of ${Object.keys(venueNames).join(', ')}`;
      throw new ConfigError([
        { variable: 'MARKET_SYMBOLS', fault: `names ${selection.venue}`, expected, example: 'sim:*' },
      ]);
    }
    return { selection, addresses: addressesOf(name, settings) };
  });
}

function addressesOf(name: 'SIM' | 'BINANCE', settings: MarketSettings): BinanceAddresses {
  const given = {
    rest: settings[`${name}_REST_URL`],
    spotWs: settings[`${name}_SPOT_WS_URL`],
    wsApi: settings[`${name}_WS_API_URL`],
  };
  const { rest, spotWs, wsApi } = given;
  if (rest !== undefined && spotWs !== undefined && wsApi !== undefined)
    return ofOneEnvironment(name, { rest, spotWs, wsApi });
  const variables = ['REST_URL', 'SPOT_WS_URL', 'WS_API_URL'].map((part) => `${name}_${part}`);
  const expected = `an address, because MARKET_SYMBOLS names ${VenueId.of(name.toLowerCase())}`;
  const examples = ['http://127.0.0.1:9000', 'ws://127.0.0.1:9000/stream/ws', 'ws://127.0.0.1:9000/ws-api/v3'];
  throw new ConfigError(
    variables.flatMap((variable, index) =>
      Object.values(given)[index] === undefined
        ? [{ variable, fault: 'is not set', expected, example: examples[index] ?? '' }]
        : [],
    ),
  );
}

function ofOneEnvironment(name: 'SIM' | 'BINANCE', addresses: BinanceAddresses): BinanceAddresses {
  try {
    environmentOf(addresses);
    return addresses;
  } catch (error) {
    if (!(error instanceof BadAddresses)) throw error;
    const variable = `${name}_${parts[error.field]}`;
    throw new ConfigError([{ variable, fault: error.message, expected: error.next, example: addresses.rest }]);
  }
}
