import { InstrumentId as Id, type Instrument, type InstrumentId, type VenueId } from '@scalpstorm/model';

/** The venue's own name, base and quote written together; null when the instrument is another venue's. */
export function venueSymbol(instrumentId: InstrumentId, venue: VenueId): string | null {
  const parsed = Id.parse(instrumentId);
  return parsed?.venue === venue ? parsed.symbol.replace('-', '') : null;
}

/** From the venue's names back to ours; a name alone does not tell where the base ends. */
export class SymbolDirectory {
  private bySymbol: ReadonlyMap<string, Instrument> = new Map();

  /** What is listed now. One that is listed no more stays known as halted: orders and fills of it still have to be read. */
  replace(instruments: readonly Instrument[]): void {
    const known = [...this.bySymbol].map(([symbol, instrument]) => [symbol, halted(instrument)] as const);
    const listed = instruments.map((instrument) => [instrument.symbol.replace('-', ''), instrument] as const);
    this.bySymbol = new Map([...known, ...listed]);
  }

  find(symbol: string): Instrument | null {
    return this.bySymbol.get(symbol) ?? null;
  }

  get size(): number {
    return this.bySymbol.size;
  }
}

const halted = (instrument: Instrument): Instrument =>
  instrument.status === 'halted' ? instrument : { ...instrument, status: 'halted' };
