import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import { VenueId } from '@scalpstorm/model';
import { BadAddresses, environmentOf, requireOneEnvironment } from './addresses.js';
import { BinanceExecutionVenue } from './binance-execution-venue.js';
import type { BinanceAddresses } from './options.js';
import { clock } from './testing/scripted-parts.js';

const live: BinanceAddresses = {
  rest: 'https://api.binance.com',
  spotWs: 'wss://stream.binance.com:9443/stream/ws',
  wsApi: 'wss://ws-api.binance.com:443/ws-api/v3',
};
const testnet: BinanceAddresses = {
  rest: 'https://testnet.binance.vision',
  spotWs: 'wss://stream.testnet.binance.vision/stream/ws',
  wsApi: 'wss://ws-api.testnet.binance.vision/ws-api/v3',
};
const own: BinanceAddresses = { rest: 'http://10.0.0.1:9', spotWs: 'ws://10.0.0.1:9/ws', wsApi: 'ws://10.0.0.1:9/api' };

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof BadAddresses) return error.code;
    throw error;
  }
  return 'none';
};

describe('the addresses of a venue', () => {
  it('are live, play money or our own, all three together', () => {
    expect([live, testnet, own].map(environmentOf)).toEqual(['live', 'testnet', 'own']);
  });

  const mixed: readonly [string, BinanceAddresses][] = [
    ['a live key at a testnet stream', { ...live, wsApi: testnet.wsApi }],
    ['orders at the testnet, prices from the live venue', { ...testnet, spotWs: live.spotWs }],
    ['half of it our own', { ...live, rest: own.rest }],
    ['a host that only looks like the testnet', { ...testnet, rest: 'https://testnet.binance.vision.example.org' }],
  ];
  it.each(mixed)('are refused: %s', (_, addresses) => {
    expect(codeOf(() => environmentOf(addresses))).toBe('VENUE_ADDRESSES_MIXED');
  });

  it.each(['nowhere', 'ftp://api.binance.com', 'http://api.binance.com', ''])('are refused at %p', (rest) => {
    expect(codeOf(() => environmentOf({ ...live, rest }))).toBe('VENUE_ADDRESS_MALFORMED');
  });

  it('are refused where real money is not meant, and where it is meant and is not there', () => {
    expect(codeOf(() => requireOneEnvironment(live, false))).toBe('VENUE_LIVE_NOT_MEANT');
    expect(codeOf(() => requireOneEnvironment(testnet, true))).toBe('VENUE_LIVE_MEANT');
    expect([
      requireOneEnvironment(live, true),
      requireOneEnvironment(testnet, false),
      requireOneEnvironment(own, true),
    ]).toEqual(['live', 'testnet', 'own']);
  });

  it('are judged before anything is connected, and the error holds no secret', async () => {
    const options = { venue: VenueId.of('binance'), addresses: live, clock, rng: seededRng(1) };
    const refused = BinanceExecutionVenue.create(options, { apiKey: 'the-key', secret: 'the-secret' });
    await expect(refused).rejects.toMatchObject({ code: 'VENUE_LIVE_NOT_MEANT', field: 'rest' });
    await expect(refused).rejects.not.toThrow(/the-key|the-secret/);
  });
});
