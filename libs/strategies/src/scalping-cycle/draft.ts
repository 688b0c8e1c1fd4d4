import { type ActivityLevel, ClientOrderId, isFinal, type JsonObject, type Reason } from '@scalpstorm/model';
import type { Effect, Milestone, StrategyContext, StrategyStep } from '../sdk/strategy.js';
import { noAmount } from './amounts.js';
import { firstEntry } from './holding.js';
import type { ScalpingParameters } from './parameters.js';
import { type OrderFact, ordersKept, type ScalpingState } from './state.js';

/** One step in the making: the state so far and the effects so far. Lives no longer than the step. */
export class Draft {
  private readonly effects: Effect[] = [];

  constructor(
    public state: ScalpingState,
    readonly context: StrategyContext,
    readonly parameters: ScalpingParameters,
  ) {}

  get result(): StrategyStep<ScalpingState> {
    return { state: this.state, effects: this.effects };
  }

  set(changes: Partial<ScalpingState>): void {
    this.state = { ...this.state, ...changes };
  }

  emit(effect: Effect): void {
    this.effects.push(effect);
  }

  log(level: ActivityLevel, reason: Reason, data: JsonObject = {}): void {
    this.emit({ kind: 'log', level, code: reason.code, text: reason.text, data });
  }

  reach(milestone: Milestone, code: string, text: string): void {
    this.emit({ kind: 'reached', milestone, reason: { code, text } });
  }

  fact(id: ClientOrderId | null): OrderFact | undefined {
    return this.state.orders.find((fact) => fact.id === id);
  }

  get live(): OrderFact | undefined {
    return this.fact(this.state.live);
  }

  /** Stores a fact in place of the one with its id, or as the newest. The live order is never forgotten. */
  remember(fact: OrderFact): void {
    const index = this.state.orders.findIndex((known) => known.id === fact.id);
    if (index >= 0) {
      this.set({ orders: this.state.orders.with(index, fact) });
      return;
    }
    this.set({ orders: [...this.state.orders, fact] });
    if (this.state.orders.length > ordersKept) this.forgetOne(fact);
  }

  /** An order that filled nothing can be forgotten freely; of one that filled, we remember that its cycle is closed to news. */
  private forgetOne(newest: OrderFact): void {
    const { orders, forgottenCycle, cycle } = this.state;
    // What a plan counts from is not forgotten while it counts.
    const start = this.parameters.plan === undefined ? undefined : firstEntry(orders, cycle)?.id;
    const kept = [newest.id, this.state.live, start];
    const others = orders.filter((fact) => !kept.includes(fact.id));
    const barren = others.find((fact) => fact.adopted && isFinal(fact.status) && fact.filled === noAmount);
    const gone = barren ?? others.find((fact) => fact.adopted) ?? others[0];
    if (gone === undefined) return;
    const closed = barren ? forgottenCycle : Math.max(forgottenCycle, ClientOrderId.slotOf(gone.id)?.cycle ?? 0);
    this.set({ orders: orders.filter((fact) => fact !== gone), forgottenCycle: closed });
  }
}
