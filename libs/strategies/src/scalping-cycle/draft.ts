import type { ActivityLevel, ClientOrderId, JsonObject, Reason } from '@scalpstorm/model';
import type { Effect, Milestone, StrategyContext, StrategyStep } from '../sdk/strategy.js';
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
    const orders = [...this.state.orders, fact];
    const oldest = orders.findIndex((known) => known.id !== this.state.live && known.id !== fact.id);
    this.set({ orders: orders.length > ordersKept && oldest >= 0 ? orders.toSpliced(oldest, 1) : orders });
  }
}
