import type { Timestamp } from '@scalpstorm/kernel';
import type { ClientOrderId, Instrument, InstrumentId, Order } from '@scalpstorm/model';
import type { AccountBooks } from '../domain/account-books.js';

/** Where the gate rebuilds its standing from: execution's contract views. */
export abstract class StandingSource {
  /**
   * All positions and working orders, and the orders that changed since then, which ended not longer ago than the books show;
   * null: all that they show.
   *
   * @throws while execution has not made its schema yet, or Postgres is away.
   */
  abstract read(changedSince: Timestamp | null): Promise<readonly AccountBooks[]>;
  /** Those of the given orders that execution knows of: the working ones and those that ended not long ago. */
  abstract find(ids: readonly ClientOrderId[]): Promise<readonly Order[]>;
}

/** What may be traded; asked of market-data, remembered over restarts, asked again for an unknown one. */
export abstract class Instruments {
  /** What an earlier life of the gate knew. */
  abstract load(): Promise<void>;
  /** @throws NoAnswer while market-data is away */
  abstract refresh(): Promise<void>;
  abstract get(id: InstrumentId): Instrument | null;
  /** Those of which something is listed; none: nothing was heard yet. */
  abstract venues(): ReadonlySet<string>;
}
