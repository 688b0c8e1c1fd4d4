import type { VenueOffer } from '@scalpstorm/contracts';
import { VenueId } from '@scalpstorm/model';
import type { AccountSettings } from './account-settings.js';

/** Where a venue and mode are; never an address that a user gave, or our own network could be reached through us. */
export interface OfferedVenue extends VenueOffer {
  readonly addresses: Pick<AccountSettings, 'rest' | 'spotWs' | 'wsApi'>;
}

const testnet = {
  rest: 'https://testnet.binance.vision',
  spotWs: 'wss://stream.testnet.binance.vision/ws',
  wsApi: 'wss://ws-api.testnet.binance.vision/ws-api/v3',
};
const live = {
  rest: 'https://api.binance.com',
  spotWs: 'wss://stream.binance.com:9443/ws',
  wsApi: 'wss://ws-api.binance.com:443/ws-api/v3',
};

/** The venues of the configured accounts, Binance's testnet, and with the live switch Binance itself; the first of a kind counts. */
export function venueOffers(config: {
  readonly VENUE_ACCOUNTS: readonly AccountSettings[];
  readonly LIVE_TRADING: 'no' | 'yes';
}): readonly OfferedVenue[] {
  const configured = config.VENUE_ACCOUNTS.map(({ venue, mode, rest, spotWs, wsApi }) => ({
    venue: VenueId.of(venue),
    mode,
    title: `${venue} (${mode})`,
    addresses: { rest, spotWs, wsApi },
  }));
  const binance = VenueId.of('binance');
  const known: OfferedVenue[] = [
    ...configured,
    { venue: binance, mode: 'demo', title: 'Binance Spot testnet', addresses: testnet },
    { venue: binance, mode: 'live', title: 'Binance Spot', addresses: live },
  ];
  const allowed = known.filter(({ mode }) => mode !== 'live' || config.LIVE_TRADING === 'yes');
  return allowed.filter((offer, index) => allowed.findIndex((other) => sameKind(other, offer)) === index);
}

const sameKind = (left: VenueOffer, right: VenueOffer): boolean =>
  left.venue === right.venue && left.mode === right.mode;
