import { describe, expect, it } from '@jest/globals';
import { InstrumentId, VenueId } from '@scalpstorm/model';
import fc from 'fast-check';
import { parseExchangeInfo } from './parse-instruments.js';
import { SymbolDirectory, venueSymbol } from './symbols.js';

const venue = VenueId.of('binance');
const filters = [
  { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '0', tickSize: '0.01' },
  { filterType: 'LOT_SIZE', minQty: '0.01', maxQty: '0', stepSize: '0.01' },
  { filterType: 'NOTIONAL', minNotional: '10' },
];
const listed = (pairs: readonly (readonly [string, string])[]) =>
  parseExchangeInfo(
    {
      symbols: pairs.map(([baseAsset, quoteAsset]) => ({
        symbol: `${baseAsset}${quoteAsset}`,
        status: 'TRADING',
        baseAsset,
        quoteAsset,
        filters,
      })),
    },
    venue,
    { maker: '0', taker: '0' },
  ).instruments;

const asset = fc.stringMatching(/^[A-Z0-9]{2,9}$/);
const pairs = fc.uniqueArray(fc.tuple(asset, asset), { selector: ([base, quote]) => `${base}${quote}`, maxLength: 20 });

describe('one notation for all venues', () => {
  it('comes back from the name of the venue as it was, for every listing', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const instruments = listed(all);
        const directory = new SymbolDirectory();
        directory.replace(instruments);
        expect(instruments).toHaveLength(all.length);
        for (const { id } of instruments) {
          const name = venueSymbol(id, venue);
          expect(name === null ? null : directory.find(name)?.id).toBe(id);
        }
      }),
    );
  });

  it.each([
    ['1000SATS', 'USDT'],
    ['1INCH', 'BTC'],
    ['USDC', 'USDT'],
    ['BTC', 'FDUSD'],
  ])('tells where %s ends and %s begins', (base, quote) => {
    const directory = new SymbolDirectory();
    directory.replace(listed([[base, quote]]));
    expect(directory.find(`${base}${quote}`)).toMatchObject({ symbol: `${base}-${quote}`, base, quote });
  });

  it('keeps what is listed no more as halted: its last orders and fills still have to be read', () => {
    const directory = new SymbolDirectory();
    directory.replace(listed([['OLD', 'USDT']]));
    directory.replace(listed([['NEW', 'USDT']]));
    expect([directory.find('OLDUSDT')?.status, directory.find('NEWUSDT')?.status]).toEqual(['halted', 'trading']);
  });

  it('is nothing at a venue for an instrument of another', () => {
    expect(venueSymbol(InstrumentId.of('sim', 'BTC-USDT'), venue)).toBeNull();
  });
});
