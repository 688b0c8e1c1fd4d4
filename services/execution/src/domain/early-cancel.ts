import { second, Timestamp } from '@scalpstorm/kernel';
import type { CancelReason, ClientOrderId, EventId, OrderEvent } from '@scalpstorm/model';

/** The streams keep an approval no longer than this, so nothing that was canceled can come later. */
export const earlyCancelLife = 24 * 3_600 * second;
/** For one account; the oldest goes first. Only a flood of cancels for orders that were never asked for fills it. */
export const earlyCancelsMax = 10_000;

/** A cancel that was heard before its order: the approval is still on its way, or there is none. */
export interface EarlyCancel {
  readonly clientOrderId: ClientOrderId;
  readonly cancelReason: CancelReason;
  readonly causedBy: EventId | null;
  readonly requestedAt: Timestamp;
  readonly expiresAt: Timestamp;
}

export function earlyCancel(wish: Omit<EarlyCancel, 'expiresAt'>, now: Timestamp): EarlyCancel {
  return { ...wish, expiresAt: Timestamp.plus(now, earlyCancelLife) };
}

/** How an order ends that was canceled before its approval came: nothing was sent, and everybody hears so. */
export function endedBeforeSent({ cancelReason }: EarlyCancel): readonly OrderEvent[] {
  const text = `the cancel (${cancelReason}) came before the approval; nothing was sent`;
  return [
    { kind: 'cancel-requested', cancelReason },
    { kind: 'canceled', reason: { code: 'CANCELED_BEFORE_SENT', text } },
  ];
}
