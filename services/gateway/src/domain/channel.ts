import { InstrumentId, type Timeframe, timeframes } from '@scalpstorm/model';

/** Channels that carry a user's own objects; every change is sent, none is merged. */
export const ownChannels = ['bots', 'orders', 'fills', 'activity', 'accounts', 'state', 'jobs'] as const;
export type OwnChannel = (typeof ownChannels)[number];

export type Channel =
  | { readonly kind: 'own'; readonly name: OwnChannel }
  | { readonly kind: 'prices'; readonly name: 'prices' }
  | {
      readonly kind: 'candles';
      /** As the client wrote it, e.g. `candles:sim:BTC-USDT:1s`. */
      readonly name: string;
      readonly instrumentId: InstrumentId;
      readonly timeframe: Timeframe;
    };

/** The texts that `parseChannel` accepts, for error messages. */
export const channelForms = [...ownChannels, 'prices', 'candles:<venue>:<SYMBOL>:<timeframe>'].join(', ');

/** Null when there is no such channel. */
export function parseChannel(text: string): Channel | null {
  const own = ownChannels.find((name) => name === text);
  if (own !== undefined) return { kind: 'own', name: own };
  if (text === 'prices') return { kind: 'prices', name: 'prices' };
  const [prefix, venue = '', symbol = '', frame = '', ...rest] = text.split(':');
  const timeframe = timeframes.find((name) => name === frame);
  const instrumentId = InstrumentId.of(venue, symbol);
  if (prefix !== 'candles' || rest.length > 0 || timeframe === undefined) return null;
  if (InstrumentId.parse(instrumentId) === null) return null;
  return { kind: 'candles', name: text, instrumentId, timeframe };
}
