import type { Timestamp } from '@scalpstorm/kernel';
import type { ClientOrderId, InstrumentId, Order } from '@scalpstorm/model';
import type { StoredPlan } from '../ports/order-plans.js';

/** One plan in the hands of this process. */
export interface RunningPlan {
  readonly instrumentId: InstrumentId;
  /** Null: what is stored is not known for certain; it is read before anything is decided. */
  stored: StoredPlan | null;
  /** Its orders as the books have them, until the plan has them as ended. */
  readonly orders: Map<ClientOrderId, Order>;
  readonly canceledAt: Map<ClientOrderId, Timestamp>;
  /** Its decisions, one after the other. */
  tail: Promise<void>;
  waiting: boolean;
}

/** It is read before anything is decided: the row at hand may be older than what a decision that was under way has stored. */
export const runningPlan = (instrumentId: InstrumentId): RunningPlan => ({
  instrumentId,
  stored: null,
  orders: new Map(),
  canceledAt: new Map(),
  tail: Promise.resolve(),
  waiting: false,
});

/** After everything that is being decided of it already. */
export function inTurn<T>(running: RunningPlan, work: () => Promise<T>): Promise<T> {
  const done = running.tail.then(work);
  running.tail = done.then(
    () => undefined,
    () => undefined,
  );
  return done;
}
