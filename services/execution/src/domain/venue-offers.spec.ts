import { describe, expect, it } from '@jest/globals';
import type { AccountSettings } from './account-settings.js';
import { venueOffers } from './venue-offers.js';

const demo: AccountSettings = {
  id: 'demo',
  label: 'Demo',
  venue: 'sim',
  mode: 'demo',
  rest: 'http://127.0.0.1:9000',
  spotWs: 'ws://127.0.0.1:9000/stream/ws',
  wsApi: 'ws://127.0.0.1:9000/ws-api/v3',
  apiKey: 'k',
  secret: 's',
};
const kinds = (live: 'yes' | 'no', accounts = [demo]) =>
  venueOffers({ VENUE_ACCOUNTS: accounts, LIVE_TRADING: live }).map(({ venue, mode }) => `${venue} ${mode}`);

describe('the venues on offer', () => {
  it('are those of the operator and the testnet; real money only with the live switch', () => {
    expect(kinds('no')).toEqual(['sim demo', 'binance demo']);
    expect(kinds('yes')).toEqual(['sim demo', 'binance demo', 'binance live']);
  });

  it('name each venue and mode once, at the operator’s address', () => {
    const own = { ...demo, venue: 'binance', rest: 'http://127.0.0.1:1' };
    const offers = venueOffers({ VENUE_ACCOUNTS: [own, demo, { ...demo, id: 'demo-2' }], LIVE_TRADING: 'no' });
    expect(offers.map(({ venue, addresses }) => [venue, addresses.rest])).toEqual([
      ['binance', 'http://127.0.0.1:1'],
      ['sim', 'http://127.0.0.1:9000'],
    ]);
  });

  it('hold no key of the operator', () => {
    const offers = venueOffers({ VENUE_ACCOUNTS: [{ ...demo, secret: 'planted' }], LIVE_TRADING: 'yes' });
    expect(JSON.stringify(offers)).not.toContain('planted');
  });
});
