import { Timestamp } from '@scalpstorm/kernel';
import { RiskScope } from '@scalpstorm/model';
import type { Lease, Store } from '@scalpstorm/store';
import { type ReleaseAsk, ReleaseAsks } from '../ports/release-asks.js';

/** Nobody looks through more. */
const rowsMax = 100;

interface Row {
  readonly asked_by: string;
  readonly asked_at_us: string;
}

/** Asks for releases in the schema of risk-gate. */
export class PostgresReleaseAsks extends ReleaseAsks {
  constructor(
    private readonly store: Store,
    private readonly lease: Pick<Lease, 'prove'>,
  ) {
    super();
  }

  async of(wanted: Omit<ReleaseAsk, 'by' | 'askedAt'>, from: Timestamp): Promise<readonly ReleaseAsk[]> {
    const { scope, state, since } = wanted;
    const rows = await this.store.sql<Row[]>`
      select asked_by, asked_at_us from release_asks
      where scope = ${RiskScope.format(scope)} and state = ${state} and since_us = ${since} and asked_at_us >= ${from}
      order by number desc limit ${rowsMax}`;
    return rows.map((row) => ({
      ...wanted,
      by: row.asked_by,
      askedAt: Timestamp.fromMicros(Number(row.asked_at_us)),
    }));
  }

  async add({ scope, state, since, by, askedAt }: ReleaseAsk): Promise<void> {
    await this.store.transaction(async (tx) => {
      await this.lease.prove(tx);
      await tx`insert into release_asks (scope, state, since_us, asked_by, asked_at_us)
        values (${RiskScope.format(scope)}, ${state}, ${since}, ${by}, ${askedAt})`;
    });
  }
}
