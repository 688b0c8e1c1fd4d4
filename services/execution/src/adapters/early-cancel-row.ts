import { Timestamp } from '@scalpstorm/kernel';
import { type CancelReason, ClientOrderId, EventId } from '@scalpstorm/model';
import type { EarlyCancel } from '../domain/early-cancel.js';

/** One row of `early_cancels`. */
export interface EarlyCancelRow {
  readonly client_order_id: string;
  readonly cancel_reason: string;
  readonly caused_by: string | null;
  readonly requested_at_us: bigint;
  readonly expires_at_us: bigint;
}

export const earlyCancelOf = (row: EarlyCancelRow): EarlyCancel => ({
  clientOrderId: ClientOrderId.of(row.client_order_id),
  cancelReason: row.cancel_reason as CancelReason,
  causedBy: row.caused_by === null ? null : EventId.of(row.caused_by),
  requestedAt: Timestamp.fromMicros(Number(row.requested_at_us)),
  expiresAt: Timestamp.fromMicros(Number(row.expires_at_us)),
});
