import { useEffect, useMemo } from 'react';
import { session } from '../api/session.js';
import type { HaltScope } from '../domain/halt.js';
import { isNothing, type Remaining, stillRemaining } from '../domain/halt-remains.js';
import type { Bot, Holdings, Order } from '../domain/rows.js';
import type { HaltReply } from '../generated/api.js';
import { useChannel } from '../live/live-provider.js';
import { Store, useStore } from '../ui/store.js';

const storageKey = 'scalpstorm.halt';

function stored(): HaltReply | null {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
    return typeof found === 'object' && found !== null && 'remaining' in found ? (found as HaltReply) : null;
  } catch {
    return null;
  }
}

/** The last halt of this window while it has left anything; kept over a reload. */
const lastHalt = new Store<HaltReply | null>(stored());

/** Remembers what a halt answered, or, with null, that it does not count any more. */
export function keepHalt(reply: HaltReply | null): void {
  const kept = reply === null || isNothing(reply.remaining) ? null : reply;
  lastHalt.set(kept);
  try {
    if (kept === null) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, JSON.stringify(kept));
  } catch {
    // Without storage it is known as long as the page lives.
  }
}

/** A scope was released: what its halt had left does not count any more. */
export function releaseHaltOf(scope: HaltScope): void {
  if (lastHalt.get()?.scope === scope) keepHalt(null);
}

session.onLeave(() => keepHalt(null));

export interface HaltLeft {
  readonly reply: HaltReply;
  readonly remaining: Remaining;
}

/** What the last halt has left and is still there; null when that is nothing. */
export function useHaltLeft(): HaltLeft | null {
  const reply = useStore(lastHalt);
  const bots = useChannel<Bot>('bots');
  const orders = useChannel<Order>('orders');
  const accounts = useChannel<Holdings>('accounts');
  const remaining = useMemo(
    () => (reply === null ? null : stillRemaining(reply.remaining, { scope: reply.scope, bots, orders, accounts })),
    [reply, bots, orders, accounts],
  );
  const over = remaining !== null && isNothing(remaining);
  useEffect(() => {
    if (over) keepHalt(null);
  }, [over]);
  return reply === null || remaining === null || over ? null : { reply, remaining };
}
