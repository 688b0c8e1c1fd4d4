import type { Account, Leg, OrderRequest, OrderSlot, UserId } from '@scalpstorm/model';
import { ClientOrderId } from '@scalpstorm/model';
import type { ListedOrder, VenueFill } from '@scalpstorm/venue-api';

/** More attempts of one leg that our books have never heard of are nothing that a bot has done since the last back-up. */
const gapMax = 1_000;

export interface Adopter {
  readonly account: Pick<Account, 'id' | 'mode'>;
  readonly userId: UserId;
}

/** The wish behind an order that the venue has under one of our ids: the id spells the bot and what it was for. */
export function requestOf(view: ListedOrder, slot: OrderSlot, { account, userId }: Adopter): OrderRequest {
  const { instrumentId, side, price, quantity, timeInForce } = view;
  return {
    clientOrderId: ClientOrderId.forSlot(slot),
    userId,
    botId: slot.botId,
    accountId: account.id,
    mode: account.mode,
    instrumentId,
    side,
    type: price === null ? 'market' : 'limit',
    quantity,
    price,
    timeInForce,
    purpose: purposes[slot.leg],
    ...(view.trigger === undefined ? null : { trigger: view.trigger }),
  };
}

const purposes: Record<Leg, OrderRequest['purpose']> = { entry: 'open', exit: 'close', flatten: 'close' };

/** The attempts before it: they were made, or it would not be there. The oldest first. */
export function attemptsBefore(slot: OrderSlot): readonly OrderSlot[] {
  const first = Math.max(0, slot.attempt - gapMax);
  return Array.from({ length: slot.attempt - first }, (_, index) => ({ ...slot, attempt: first + index }));
}

export const fillsOf = (fills: readonly VenueFill[], { venueOrderId }: Pick<ListedOrder, 'venueOrderId'>) =>
  fills.filter((fill) => fill.venueOrderId === venueOrderId);

/** Never sent, or refused: the venue has a later attempt and not this one. */
export const neverThere = {
  kind: 'expired',
  reason: {
    code: 'NOT_FOUND_AFTER_EXPIRY',
    text: 'the venue has a later attempt and not this one; our books do not reach back to it',
  },
} as const;
