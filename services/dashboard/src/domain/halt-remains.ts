import type { HaltReply } from '../generated/api.js';
import { signOf } from './decimal.js';
import type { HaltScope } from './halt.js';
import type { Bot, Holdings, Order } from './rows.js';
import { counted } from './words.js';

export type Remaining = HaltReply['remaining'];
export type RemainingItem = Remaining['items'][number];

/** What has not been told yet is undefined, which is not the same as nothing. */
export interface Seen {
  /** Of the halt. */
  readonly scope: HaltScope;
  readonly bots: readonly Bot[] | undefined;
  readonly orders: readonly Order[] | undefined;
  readonly accounts: readonly Holdings[] | undefined;
}

/** True only where the page sees that it is gone; what belongs to somebody else, or is not told yet, stays. */
function isGone({ kind, id, bot }: RemainingItem, { bots, orders, accounts, scope }: Seen): boolean {
  if (kind === 'order') return orders?.find(({ clientOrderId }) => clientOrderId === id)?.final === true;
  const owner = bots?.find((each) => each.id === bot);
  if (kind === 'bot') return owner?.observed === 'stopped';
  if (owner !== undefined) return signOf(owner.held) === 0;
  // One account may hold positions of several people, and only one's own are told.
  if (scope !== 'mine') return false;
  const [account, venue, symbol] = id.split(':');
  const own = accounts?.find((each) => each.id === account);
  const held = own?.positions.find((each) => each.venue === venue && each.symbol === symbol && each.bot === bot);
  return own !== undefined && signOf(held?.quantity) === 0;
}

/** What a halt has left as it was, less what is seen to be gone since. */
export function stillRemaining(remaining: Remaining, seen: Seen): Remaining {
  const gone = remaining.items.filter((item) => isGone(item, seen));
  if (gone.length === 0) return remaining;
  const goneOf = (kind: RemainingItem['kind']) => gone.filter((item) => item.kind === kind).length;
  return {
    ...remaining,
    bots: remaining.bots - goneOf('bot'),
    orders: remaining.orders - goneOf('order'),
    positions: remaining.positions - goneOf('position'),
    items: remaining.items.filter((item) => !gone.includes(item)),
  };
}

/** Nothing is left, and everything was looked at. */
export const isNothing = ({ bots, orders, positions, complete }: Remaining): boolean =>
  complete && bots + orders + positions === 0;

/** `2 positions, 1 order and 1 bot`; `at least` where not everything was looked at. */
export function remainingWords({ bots, orders, positions, complete }: Remaining): string {
  const parts = [
    [positions, 'position'],
    [orders, 'order'],
    [bots, 'bot'],
  ] as const;
  const words = parts.filter(([amount]) => amount > 0).map(([amount, one]) => counted(amount, one));
  if (words.length === 0) return complete ? 'nothing' : 'not everything was reached in time';
  return `${complete ? '' : 'at least '}${words.join(', ').replace(/, ([^,]+)$/, ' and $1')}`;
}
