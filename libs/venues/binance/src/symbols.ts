import { InstrumentId as Id, type Instrument, type InstrumentId, type VenueId } from '@scalpstorm/model';

/** The venue's own name, base and quote written together; null when the instrument is another venue's. */
export function venueSymbol(instrumentId: InstrumentId, venue: VenueId): string | null {
  const parsed = Id.parse(instrumentId);
  return parsed?.venue === venue ? parsed.symbol.replace('-', '') : null;
}

/** From the venue's names back to ours; a name alone does not tell where the base ends. */
export class SymbolDirectory {
  private bySymbol = new Map<string, Instrument>();

  replace(instruments: readonly Instrument[]): void {
    this.bySymbol = new Map(instruments.map((instrument) => [instrument.symbol.replace('-', ''), instrument]));
  }

  find(symbol: string): Instrument | null {
    return this.bySymbol.get(symbol) ?? null;
  }

  get size(): number {
    return this.bySymbol.size;
  }
}
