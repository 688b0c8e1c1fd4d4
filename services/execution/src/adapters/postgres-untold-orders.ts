import { orderChanged } from '@scalpstorm/contracts';
import { AccountId } from '@scalpstorm/model';
import type { Outbox, Store } from '@scalpstorm/store';
import { UntoldOrders } from '../ports/untold-orders.js';

/** Where the events of one account go; the account comes last. */
const subjectStart = orderChanged.subject.slice(0, orderChanged.subject.indexOf('{account}'));

/** What the relay of the outbox has put aside. */
export class PostgresUntoldOrders extends UntoldOrders {
  constructor(
    private readonly store: Store,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  async count(accountId: AccountId): Promise<number> {
    const [row] = await this.store.sql<{ count: number }[]>`
      select count(*)::int as count from outbox_refused
       where closed_at is null and subject = ${subjectStart + accountId}`;
    return row?.count ?? 0;
  }

  follow(onRefused: (accountId: AccountId) => void): void {
    this.outbox.onRefused(({ subject }) => {
      if (subject.startsWith(subjectStart)) onRefused(AccountId.of(subject.slice(subjectStart.length)));
    });
  }
}
