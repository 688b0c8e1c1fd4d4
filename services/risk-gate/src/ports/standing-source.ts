import type { Timestamp } from '@scalpstorm/kernel';
import type { AccountId, ClientOrderId, Instrument, InstrumentId, Order, Position } from '@scalpstorm/model';

/** What an account stands in, as execution's books say it. */
export interface AccountBooks {
  readonly accountId: AccountId;
  /** The working ones and those that ended not long ago. */
  readonly orders: readonly Order[];
  readonly positions: readonly Position[];
}

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
