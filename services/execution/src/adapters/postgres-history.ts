import type { Timestamp } from '@scalpstorm/kernel';
import type { Store } from '@scalpstorm/store';
import { History } from '../ports/history.js';

const batchMax = 1_000;

/** The append-only tables of execution's schema. */
export class PostgresHistory extends History {
  constructor(private readonly store: Store) {
    super();
  }

  async prune(before: Timestamp): Promise<number> {
    const { sql } = this.store;
    const date = new Date(before / 1_000);
    // An order that still works keeps its whole story, however old it is.
    const events = await sql`
      delete from order_events where ctid = any(array(
        select event.ctid from order_events event join orders using (client_order_id)
         where event.recorded_at_us < ${before}
           and orders.status in ('denied', 'filled', 'canceled', 'rejected', 'expired')
         order by event.recorded_at_us limit ${batchMax}))`;
    const differences = await sql`
      delete from differences where id = any(array(
        select id from differences where found_at < ${date} order by found_at limit ${batchMax}))`;
    const refusals = await sql`
      delete from refused_fills where id = any(array(
        select id from refused_fills where closed_at < ${date} order by id limit ${batchMax}))`;
    return events.count + differences.count + refusals.count;
  }
}
