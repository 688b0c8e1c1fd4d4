import type { Timestamp } from '@scalpstorm/kernel';
import type { AccountId, InstrumentId, Price, Quantity, Side, UserId, VenueOrderId } from '@scalpstorm/model';
import type { Difference, Reconciled } from './events.js';
import type { Answer } from './questions.js';

export const externalDecisions = ['adopt', 'ignore', 'cancel'] as const;
/** What is to become of an order that nobody placed here. */
export type ExternalDecision = (typeof externalDecisions)[number];

export const accountStateKinds = ['recovering', 'trading', 'close-only', 'held'] as const;
export const venueCircuits = ['closed', 'half-open', 'open'] as const;

/** What an account may do at this moment. */
export interface AccountStanding {
  readonly accountId: AccountId;
  readonly kind: (typeof accountStateKinds)[number];
  /** Empty while it trades or recovers. */
  readonly code: string;
  /** What is wrong and what to do; empty while it trades. */
  readonly text: string;
  readonly circuit: (typeof venueCircuits)[number];
}

export interface DifferenceRecord {
  readonly id: bigint;
  readonly foundAt: Timestamp;
  readonly trigger: Reconciled['trigger'];
  readonly difference: Difference;
}

/** An order at the venue that nobody placed here. */
export interface ExternalOrder {
  readonly id: bigint;
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  readonly venueOrderId: VenueOrderId;
  /** As the venue has it; it may not fit ours. */
  readonly clientOrderId: string;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly filledQuantity: Quantity;
  /** Null: at the market. */
  readonly price: Price | null;
  /** False: the last comparison did not find it any more. */
  readonly working: boolean;
  readonly seenAt: Timestamp;
  /** Null: nobody has decided. */
  readonly decision: { readonly kind: ExternalDecision; readonly by: UserId; readonly at: Timestamp } | null;
  /** What came of the decision; may be empty. */
  readonly outcome: string;
}

interface OfAccounts {
  readonly userId: UserId;
  /** Those of the user; the gateway says which. */
  readonly accountIds: readonly AccountId[];
}

interface RowsOf {
  /** Rows older than this one; null: from the newest on. */
  readonly before: bigint | null;
  readonly limit: number;
}

export type ReconciliationRequest = OfAccounts &
  (
    | { readonly kind: 'states' | 'compare' }
    | ({ readonly kind: 'differences' | 'external-orders' } & RowsOf)
    | { readonly kind: 'decide'; readonly externalOrderId: bigint; readonly decision: ExternalDecision }
  );

/** What was asked for; everything else is empty. */
export interface ReconciliationStanding {
  readonly states: readonly AccountStanding[];
  readonly differences: readonly Difference[];
  readonly history: readonly DifferenceRecord[];
  readonly externalOrders: readonly ExternalOrder[];
}
export type ReconciliationAnswer = Answer<ReconciliationStanding>;
