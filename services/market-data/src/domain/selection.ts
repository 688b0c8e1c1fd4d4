import { InstrumentId, type VenueId } from '@scalpstorm/model';

/** Which instruments of a venue to follow: all of them, or the named ones. */
export interface Selection {
  readonly venue: VenueId;
  readonly symbols: 'all' | readonly string[];
}

/** Reads `sim:BTC-USDT,sim:ETH-USDT` or `sim:*`; null when any part is neither. */
export function parseSelection(text: string): readonly Selection[] | null {
  const byVenue = new Map<VenueId, Set<string> | 'all'>();
  for (const part of text.split(',').map((entry) => entry.trim())) {
    const all = /^([a-z0-9-]{1,24}):\*$/.exec(part);
    const one = InstrumentId.parse(part);
    if (all?.[1] !== undefined) {
      byVenue.set(all[1] as VenueId, 'all');
    } else if (one !== null) {
      const known = byVenue.get(one.venue);
      if (known === 'all') continue;
      byVenue.set(one.venue, new Set([...(known ?? []), one.symbol]));
    } else {
      return null;
    }
  }
  return [...byVenue].map(([venue, symbols]) => ({ venue, symbols: symbols === 'all' ? symbols : [...symbols] }));
}
