import { type InstrumentId, Quantity, type UserId } from '@scalpstorm/model';
import { type BotStanding, worstPosition } from './bot-standing.js';

/**
 * A user's bots on one account: Σ over them of the largest position that fills could still lead to. Under `''`: manual orders
 * and bots whose user no order has told yet. Those count for whoever asks, because an exposure that is nobody's would be free.
 */
export type UserWorst = ReadonlyMap<string, ReadonlyMap<InstrumentId, Quantity>>;

export const nobody = '';

const keyOf = (bot: BotStanding): string => bot.userId ?? nobody;

export function changeUserWorst(
  users: UserWorst,
  before: BotStanding,
  after: BotStanding,
  changed: InstrumentId,
): UserWorst {
  const delta = worstPosition(after, changed) - worstPosition(before, changed);
  if (keyOf(before) === keyOf(after)) return added(users, keyOf(after), changed, delta);
  // Its user has just become known: everything that it stands in moves.
  const orders = [...before.orders.values()].map(({ instrumentId }) => instrumentId);
  const moved = [...new Set([...before.positions.keys(), ...orders])].reduce((all, id) => {
    const worst = worstPosition(before, id);
    return added(added(all, keyOf(before), id, -worst), keyOf(after), id, worst);
  }, users);
  return added(moved, keyOf(after), changed, delta);
}

export function worstOfUser(users: UserWorst, userId: UserId, instrumentId: InstrumentId): Quantity {
  const own = users.get(userId)?.get(instrumentId) ?? 0n;
  return Quantity.fromUnits(own + (users.get(nobody)?.get(instrumentId) ?? 0n));
}

function added(users: UserWorst, key: string, instrumentId: InstrumentId, delta: bigint): UserWorst {
  if (delta === 0n) return users;
  const before = users.get(key);
  const worst = Quantity.fromUnits((before?.get(instrumentId) ?? 0n) + delta);
  return new Map(users).set(key, new Map(before).set(instrumentId, worst));
}
