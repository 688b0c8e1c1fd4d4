import type { Store } from '@scalpstorm/store';
import type { Pause } from '../ports/pause.js';
import { OrdersUntold, ToldOrders } from '../ports/told-orders.js';

const pauseMs = 20;
const looksMax = 500;

/** Told when its row has left the outbox. */
export class PostgresToldOrders extends ToldOrders {
  constructor(
    private readonly store: Store,
    private readonly pause: Pause,
  ) {
    super();
  }

  async delivered(): Promise<void> {
    const [{ last } = { last: null }] = await this.store.sql<{ last: string | null }[]>`
      select max(seq)::text as last from outbox`;
    if (last === null) return;
    for (let look = 0; look < looksMax; look += 1) {
      const [waiting] = await this.store.sql`select 1 from outbox where seq <= ${last}::bigint limit 1`;
      if (waiting === undefined) return;
      await this.pause.for(pauseMs);
    }
    throw new OrdersUntold(`events of orders wait for the message bus for more than ${(looksMax * pauseMs) / 1_000} s`);
  }
}
