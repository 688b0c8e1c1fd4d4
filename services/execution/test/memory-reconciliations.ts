import type { Difference, Reconciled } from '@scalpstorm/contracts';
import type { AccountId, InstrumentId, TradeId } from '@scalpstorm/model';
import type { Totals } from '../src/domain/balances.js';
import { Reconciliations } from '../src/ports/reconciliations.js';

export class MemoryReconciliations extends Reconciliations {
  readonly concluded: Omit<Reconciled, 'meta'>[] = [];
  readonly marks = new Map<InstrumentId, TradeId>();
  private totals: Totals | null = null;

  async baseline(): Promise<Totals | null> {
    return this.totals;
  }

  async setBaseline(_accountId: AccountId, baseline: Totals): Promise<void> {
    this.totals = baseline;
  }

  async fillMark(_accountId: AccountId, instrumentId: InstrumentId): Promise<TradeId | null> {
    return this.marks.get(instrumentId) ?? null;
  }

  async setFillMark(_accountId: AccountId, instrumentId: InstrumentId, tradeId: TradeId): Promise<void> {
    this.marks.set(instrumentId, tradeId);
  }

  async conclude(reconciled: Omit<Reconciled, 'meta'>): Promise<void> {
    this.concluded.push(reconciled);
  }

  unrepaired(): readonly Difference[] {
    return (this.concluded.at(-1)?.differences ?? []).filter((difference) => !difference.repaired);
  }
}
