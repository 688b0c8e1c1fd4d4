import type { Difference, Reconciled } from '@scalpstorm/contracts';
import type { AccountId, InstrumentId, TradeId } from '@scalpstorm/model';
import type { Totals } from '../src/domain/balances.js';
import { contentOf } from '../src/domain/fill-content.js';
import type { RefusedFill } from '../src/domain/refused-fill.js';
import { type OpenRefusal, Reconciliations } from '../src/ports/reconciliations.js';

export class MemoryReconciliations extends Reconciliations {
  readonly concluded: Omit<Reconciled, 'meta'>[] = [];
  readonly marks = new Map<InstrumentId, TradeId>();
  readonly refused: OpenRefusal[] = [];
  private readonly closed = new Set<bigint>();
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

  async keepRefused(_accountId: AccountId, refused: RefusedFill): Promise<boolean> {
    const told = contentOf(refused.fill);
    if (this.refused.some(({ fill }) => fill.tradeId === refused.fill.tradeId && contentOf(fill) === told))
      return false;
    this.refused.push({ id: BigInt(this.refused.length + 1), ...refused });
    return true;
  }

  async openRefused(_accountId: AccountId, limit: number) {
    const open = this.refused.filter(({ id }) => !this.closed.has(id));
    return { rows: open.slice(0, limit), count: open.length };
  }

  async closeRefused(_accountId: AccountId, id: bigint): Promise<void> {
    this.closed.add(id);
  }

  async conclude(reconciled: Omit<Reconciled, 'meta'>): Promise<void> {
    this.concluded.push(reconciled);
  }

  unrepaired(): readonly Difference[] {
    return (this.concluded.at(-1)?.differences ?? []).filter((difference) => !difference.repaired);
  }
}
