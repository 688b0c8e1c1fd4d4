import type { AccountId, Instrument, InstrumentId } from '@scalpstorm/model';
import type { AccountBooks } from './account-books.js';

/** What may be traded. */
interface Listing {
  get(id: InstrumentId): Instrument | null;
}

/** What books hold of instruments that nobody lists, by account. */
export type Unlisted = ReadonlyMap<AccountId, readonly InstrumentId[]>;

/** As an account's books are, and what of them can not be counted. Positions of nothing need no instrument. */
export function unlistedOf(books: readonly AccountBooks[], listing: Listing): Unlisted {
  const unlisted = new Map<AccountId, readonly InstrumentId[]>();
  for (const { accountId, positions, orders } of books) {
    const held = positions.filter(({ quantity }) => quantity !== 0n);
    const ids = new Set([...held, ...orders.map(({ request }) => request)].map(({ instrumentId }) => instrumentId));
    const unknown = [...ids].filter((id) => listing.get(id) === null);
    if (unknown.length > 0) unlisted.set(accountId, unknown);
  }
  return unlisted;
}

/** The books without it. */
export function listedOf(books: readonly AccountBooks[], unlisted: Unlisted): readonly AccountBooks[] {
  return books.map((one) => {
    const unknown = unlisted.get(one.accountId);
    if (unknown === undefined) return one;
    return {
      ...one,
      positions: one.positions.filter(({ instrumentId }) => !unknown.includes(instrumentId)),
      orders: one.orders.filter(({ request }) => !unknown.includes(request.instrumentId)),
    };
  });
}

export const isAnyListed = (unlisted: Unlisted, listing: Listing): boolean =>
  [...unlisted.values()].some((ids) => ids.some((id) => listing.get(id) !== null));

export function knownOf(ids: readonly InstrumentId[], listing: Listing): ReadonlyMap<InstrumentId, Instrument> {
  const known = ids.map((id) => listing.get(id)).filter((instrument) => instrument !== null);
  return new Map(known.map((instrument) => [instrument.id, instrument]));
}
