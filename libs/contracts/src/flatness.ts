import type { AccountId, BotId, InstrumentId, Quantity, RiskScope, Side } from '@scalpstorm/model';

/** Is anything open at these accounts? The venues are asked; nothing is changed. */
export interface FlatRequest {
  readonly accountIds: readonly AccountId[];
  /** Only what this bot has; null: everything. */
  readonly botId: BotId | null;
  /** Everything that the scope belongs to, the widest first, itself the last: is one of them halted here? */
  readonly scopes: readonly RiskScope[];
}

/** An order that is open at the venue, or of which nobody knows yet that it is not. */
export interface FlatOrder {
  readonly instrumentId: InstrumentId;
  /** As the venue has it; it may not fit ours. */
  readonly clientOrderId: string;
  readonly side: Side;
  readonly quantity: Quantity;
  /** Null: no bot's. */
  readonly botId: BotId | null;
  /** False: it was placed elsewhere. */
  readonly ours: boolean;
}

/** What the fills of one bot add up to, while the balances of the venue agree with all fills. */
export interface FlatPosition {
  readonly instrumentId: InstrumentId;
  /** Null: no bot's. */
  readonly botId: BotId | null;
  /** Signed. */
  readonly quantity: Quantity;
}

export interface AccountFlatness {
  readonly accountId: AccountId;
  /** Why nothing is proved; empty: it is. */
  readonly code: string;
  /** May be empty. */
  readonly text: string;
  readonly orders: readonly FlatOrder[];
  readonly positions: readonly FlatPosition[];
}

export interface Flatness {
  /** One entry an account that was asked for. */
  readonly accounts: readonly AccountFlatness[];
  /** Opening orders of the scope do not leave. */
  readonly halted: boolean;
}
