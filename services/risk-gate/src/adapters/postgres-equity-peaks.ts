import { Timestamp } from '@scalpstorm/kernel';
import { type Currency, Money, RiskScope } from '@scalpstorm/model';
import type { Lease, Store } from '@scalpstorm/store';
import { EquityPeaks, type KeptCount } from '../ports/equity-peaks.js';

interface PeakRow {
  readonly scope: string;
  readonly equity: string;
  readonly peak: string;
  readonly counted: Readonly<Record<string, string>>;
  readonly counted_at_us: string;
}

/** Peaks in the schema of risk-gate, in the currency of the limits. */
export class PostgresEquityPeaks extends EquityPeaks {
  constructor(
    private readonly currency: Currency,
    private readonly store: Store,
    private readonly lease: Pick<Lease, 'prove'>,
  ) {
    super();
  }

  async load(): Promise<readonly KeptCount[]> {
    const rows = await this.store.sql<PeakRow[]>`
      select scope, equity::text, peak::text, counted, counted_at_us from equity_peaks`;
    return rows.flatMap(({ scope: text, equity, peak, counted, counted_at_us: at }) => {
      const scope = RiskScope.parse(text);
      if (scope === null) return [];
      const values = new Map(Object.entries(counted).map(([asset, value]) => [asset, this.unitsOf(value)]));
      const count = { equity: this.unitsOf(equity), peak: this.unitsOf(peak), values };
      return [{ scope, count, countedAt: Timestamp.fromMicros(Number(at)) }];
    });
  }

  async keep({ scope: of, count, countedAt }: KeptCount): Promise<void> {
    const scope = RiskScope.format(of);
    const [equity, peak] = [this.textOf(count.equity), this.textOf(count.peak)];
    const counted = Object.fromEntries([...count.values].map(([asset, value]) => [asset, this.textOf(value)]));
    await this.store.transaction(async (tx) => {
      await this.lease.prove(tx);
      await tx`insert into equity_peaks (scope, equity, peak, counted, counted_at_us)
        values (${scope}, ${equity}, ${peak}, ${tx.json(counted)}, ${countedAt})
        on conflict (scope) do update set equity = excluded.equity, peak = excluded.peak, counted = excluded.counted,
          counted_at_us = excluded.counted_at_us`;
    });
  }

  private readonly textOf = (amount: bigint): string => Money.format({ amount, currency: this.currency });
  private readonly unitsOf = (text: string): bigint => Money.of(text, this.currency).amount;
}
