import type { AccountId, BotId, InstrumentId, PlanId, Quantity, RiskScope, Side } from '@scalpstorm/model';

/** Is anything open at these accounts? The venues are asked; nothing is changed. */
export interface FlatRequest {
  readonly accountIds: readonly AccountId[];
  /** Only what this bot has; null: everything. */
  readonly botId: BotId | null;
  /** Everything that the scope belongs to, the widest first, itself the last: is one of them halted here? */
  readonly scopes: readonly RiskScope[];
}

/** Whose something is that is open, and why it is. */
interface Remaining {
  /** Null: no bot's. */
  readonly botId: BotId | null;
  /** Null: no plan's. With neither it was ordered by hand. */
  readonly planId: PlanId | null;
  /** Why it remains, for machines and people. */
  readonly code: string;
  readonly text: string;
}

/** An order that is open at the venue, or of which nobody knows yet that it is not. */
export interface FlatOrder extends Remaining {
  readonly instrumentId: InstrumentId;
  /** As the venue has it; it may not fit ours. */
  readonly clientOrderId: string;
  readonly side: Side;
  readonly quantity: Quantity;
  /** False: it was placed elsewhere. */
  readonly ours: boolean;
}

/** What the fills of one bot, of one plan, or of all orders by hand add up to, while the balances of the venue agree with all fills. */
export interface FlatPosition extends Remaining {
  readonly instrumentId: InstrumentId;
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
