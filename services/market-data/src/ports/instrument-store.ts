import type { Instrument } from '@scalpstorm/model';

/** The instruments that we know, so that they are known before a venue answers. */
export abstract class InstrumentStore {
  /** Replaces each by its id. */
  abstract save(instruments: readonly Instrument[]): Promise<void>;
  abstract all(): Promise<readonly Instrument[]>;
}
