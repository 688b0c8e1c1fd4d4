import type { ChainEnd } from '@scalpstorm/bus';
import type { AuditChain, AuditCheck } from '@scalpstorm/contracts';
import type { AccountId } from '@scalpstorm/model';
import { type AuditTrail, type ChainMark, type Store, verifyChain } from '@scalpstorm/store';
import { AuditChains, type AuditLook } from '../ports/audit-chains.js';
import { orderChainOf } from './order-chain.js';
import { PostgresOrderChain } from './postgres-order-chain.js';

/** Whoever writes for accounts, and knows where their chains end. */
export interface ChainWriter {
  /** Null while the account is not open here. */
  chainHead(accountId: AccountId): ChainMark | null;
}

/** One chain an account, in `order_events`, and that of the keys. */
export class PostgresAuditChains extends AuditChains {
  constructor(
    private readonly store: Store,
    private readonly writer: ChainWriter,
    private readonly keys: AuditTrail,
  ) {
    super();
  }

  async list(): Promise<readonly AuditChain[]> {
    const chains: AuditChain[] = [];
    const unchained = await this.unchained();
    for (const accountId of await this.accounts()) {
      const source = this.orders(accountId);
      chains.push({
        chain: orderChainOf(accountId),
        checkpoint: await source.checkpoint(),
        head: await source.newest(),
        unchained: unchained.get(accountId) ?? 0,
      });
    }
    const { keys } = this;
    chains.push({ chain: keys.chain, checkpoint: await keys.checkpoint(), head: await keys.head(), unchained: 0 });
    return chains;
  }

  async verify({ chain, after, anchors }: AuditLook): Promise<AuditCheck | null> {
    if (chain === this.keys.chain) return verifyChain(this.keys, { after, anchors });
    const accountId = (await this.accounts()).find((id) => orderChainOf(id) === chain);
    return accountId === undefined ? null : verifyChain(this.orders(accountId), { after, anchors });
  }

  /** Those that end here: of the accounts that are open in this process, from its memory. */
  async ends(): Promise<readonly ChainEnd[]> {
    const ends: ChainEnd[] = [];
    for (const accountId of await this.accounts()) {
      const mark = this.writer.chainHead(accountId);
      if (mark !== null) ends.push({ chain: orderChainOf(accountId), mark });
    }
    const mark = await this.keys.head();
    return mark === null ? ends : [...ends, { chain: this.keys.chain, mark }];
  }

  private orders(accountId: AccountId): PostgresOrderChain {
    return new PostgresOrderChain(this.store, accountId, () => this.writer.chainHead(accountId));
  }

  private async accounts(): Promise<readonly AccountId[]> {
    const rows = await this.store.sql<{ account_id: AccountId }[]>`select account_id from leases order by account_id`;
    return rows.map(({ account_id: accountId }) => accountId);
  }

  private async unchained(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.store.sql<{ account_id: string; events: number }[]>`
      select orders.account_id, count(*)::int as events from order_events event join orders using (client_order_id)
       where event.sequence is null group by orders.account_id`;
    return new Map(rows.map((row) => [row.account_id, row.events]));
  }
}
