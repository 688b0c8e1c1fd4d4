import type { Difference, DifferenceRecord } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import { DifferenceLog } from '../ports/difference-log.js';
import type { Paged } from '../ports/external-orders.js';

type Row = Pick<Difference, 'kind' | 'subject' | 'ours' | 'theirs' | 'decision' | 'repaired'> & {
  readonly id: string;
  readonly account_id: string;
  readonly found_at_us: string;
  readonly trigger: DifferenceRecord['trigger'];
};

export class PostgresDifferenceLog extends DifferenceLog {
  constructor(private readonly store: Store) {
    super();
  }

  async list(accountIds: readonly AccountId[], { before, limit }: Paged): Promise<readonly DifferenceRecord[]> {
    const { sql } = this.store;
    const older = before === null ? sql`` : sql`and id < ${before.toString()}`;
    const rows = await sql<Row[]>`
      select id::text, account_id, (extract(epoch from found_at) * 1000000)::bigint::text as found_at_us, trigger,
             kind, subject, ours, theirs, decision, repaired
        from differences where account_id = any(${[...accountIds]}) ${older} order by differences.id desc limit ${limit}`;
    return rows.map(({ id, account_id, found_at_us, trigger, ...words }) => ({
      id: BigInt(id),
      foundAt: Timestamp.fromMicros(Number(found_at_us)),
      trigger,
      difference: { ...words, accountId: AccountId.of(account_id) },
    }));
  }
}
