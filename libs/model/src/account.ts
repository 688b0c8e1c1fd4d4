import type { Timestamp } from '@scalpstorm/kernel';
import type { AccountId, BotId, InstrumentId, VenueId } from './ids.js';
import type { Currency, Money } from './money.js';
import type { Mode } from './order.js';
import type { Quantity } from './quantity.js';

/** An account at a venue, without its secrets. */
export interface Account {
  readonly id: AccountId;
  readonly venue: VenueId;
  readonly mode: Mode;
  readonly label: string;
}

/** What the venue says an account holds of one asset. */
export interface Balance {
  readonly currency: Currency;
  readonly free: Money;
  readonly locked: Money;
}

/** What the fills of one bot (null: of nobody's bot) add up to. Spot: base held net of base fees; never the account's balance. */
export interface Position {
  readonly accountId: AccountId;
  readonly botId: BotId | null;
  readonly instrumentId: InstrumentId;
  /** Signed; base asset after fees taken in base. */
  readonly quantity: Quantity;
  /** Quote spent (negative) or received (positive) by all fills, after fees taken in quote. */
  readonly cash: Money;
  /** Every fee, one entry a currency. */
  readonly fees: readonly Money[];
  readonly fills: number;
  readonly updatedAt: Timestamp;
}
