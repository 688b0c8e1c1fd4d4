import { Timestamp } from '@scalpstorm/kernel';
import type { AccountId } from '@scalpstorm/model';
import {
  type AuditTrail,
  beginPruning,
  checkpointOf,
  type MarkRow,
  markOf,
  type Store,
  type Transaction,
} from '@scalpstorm/store';
import { History } from '../ports/history.js';
import { orderChainOf } from './order-chain.js';
import { behindFor } from './postgres-order-plans.js';

const batchMax = 1_000;

/** The append-only tables of execution's schema. */
export class PostgresHistory extends History {
  constructor(
    private readonly store: Store,
    private readonly keys: AuditTrail,
  ) {
    super();
  }

  async prune(before: Timestamp): Promise<number> {
    const { sql } = this.store;
    const date = new Date(before / 1_000);
    const events = (await this.pruneEvents(before)) + (await this.keys.tidy());
    const differences = await sql`
      delete from differences where id = any(array(
        select id from differences where found_at < ${date} order by found_at limit ${batchMax}))`;
    const refusals = await sql`
      delete from refused_fills where id = any(array(
        select id from refused_fills where closed_at < ${date} order by id limit ${batchMax}))`;
    const external = await sql`
      delete from external_orders where id = any(array(
        select id from external_orders where not working and greatest(seen_at_us, decided_at_us) < ${before}
         order by id limit ${batchMax}))`;
    // A plan that failed leaves a stop that works, and is decided once more when that fills.
    const plans = await sql`
      with gone as (
        delete from order_plans where plan_id = any(array(
          select plan_id from order_plans
           where status in ('done', 'canceled', 'failed') and updated_at_us < ${Timestamp.plus(before, -behindFor)}
             and not exists (select 1 from jsonb_array_elements(body->'children') child
                               join orders on orders.client_order_id = child->>'clientOrderId'
                              where orders.status not in ('denied', 'filled', 'canceled', 'rejected', 'expired'))
           order by updated_at_us limit ${batchMax}))
        returning plan_id)
      insert into forgotten_plans select plan_id from gone on conflict do nothing`;
    return events + differences.count + refusals.count + external.count + plans.count;
  }

  /** Account by account, until one batch is full; then those from before there were chains. */
  private async pruneEvents(before: Timestamp): Promise<number> {
    const accounts = await this.store.sql<{ account_id: AccountId }[]>`
      select distinct account_id from leases order by account_id`;
    let forgotten = 0;
    for (const { account_id: accountId } of accounts) {
      forgotten += await this.store.transaction((tx) => pruneChain(tx, accountId, before));
      if (forgotten >= batchMax) return forgotten;
    }
    return forgotten + (await this.store.transaction((tx) => pruneUnchained(tx, before)));
  }
}

/**
 * The chain goes on behind the newest row that was old enough. An order that still works keeps its whole story, however old it is:
 * its rows stay, without proof, and go when it is over.
 */
async function pruneChain(tx: Transaction, accountId: AccountId, before: Timestamp): Promise<number> {
  const chain = orderChainOf(accountId);
  const from = await checkpointOf(tx, chain);
  const rows = await tx<(MarkRow & { recorded_at_us: bigint })[]>`
    select sequence, hash, recorded_at_us from order_events
     where account_id = ${accountId} and sequence > ${from?.sequence ?? 0} order by sequence limit ${batchMax}`;
  const young = rows.findIndex((row) => row.recorded_at_us >= before);
  const last = rows.at(young === -1 ? rows.length - 1 : young - 1);
  const mark = young === 0 || last === undefined ? from : markOf(last);
  if (mark === null) return 0;
  await beginPruning(tx, chain, mark);
  const { count } = await tx`
    delete from order_events event using orders
     where event.account_id = ${accountId} and event.sequence <= ${mark.sequence}
       and orders.client_order_id = event.client_order_id
       and orders.status in ('denied', 'filled', 'canceled', 'rejected', 'expired')`;
  return count;
}

async function pruneUnchained(tx: Transaction, before: Timestamp): Promise<number> {
  await tx`select set_config('scalpstorm.pruning', 'on', true)`;
  const { count } = await tx`
    delete from order_events where ctid = any(array(
      select event.ctid from order_events event join orders using (client_order_id)
       where event.sequence is null and event.recorded_at_us < ${before}
         and orders.status in ('denied', 'filled', 'canceled', 'rejected', 'expired')
       order by event.recorded_at_us limit ${batchMax}))`;
  return count;
}
