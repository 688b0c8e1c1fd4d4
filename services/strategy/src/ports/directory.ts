import type { Account, Instrument, InstrumentId, Quote, Trade } from '@scalpstorm/model';

/** What there is to trade, and where; asked of the services that own it. */
export abstract class Directory {
  /** Null: no such instrument. @throws NoAnswer when market-data does not answer and nothing is remembered. */
  abstract instrument(id: InstrumentId): Promise<Instrument | null>;
  /** Only what is remembered: for the hot path. */
  abstract knownInstrument(id: InstrumentId): Instrument | null;
  abstract accounts(): Promise<readonly Account[]>;
}

/** The newest market data of every instrument that a bot looks at. */
export abstract class Market {
  abstract quote(id: InstrumentId): Quote | null;
  abstract trade(id: InstrumentId): Trade | null;
  abstract rememberQuote(quote: Quote): void;
  abstract rememberTrade(trade: Trade): void;
  abstract forget(id: InstrumentId): void;
}
