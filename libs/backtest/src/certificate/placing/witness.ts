import { ok } from '@scalpstorm/kernel';
import {
  type ClientOrderId,
  type Currency,
  type Instrument,
  isFinal,
  type Money,
  notional,
  Price,
  Quantity,
} from '@scalpstorm/model';
import type { ConfiguredStrategy, Effect, Strategy, StrategyEvent, WantedOrder } from '@scalpstorm/strategies';

/** It asked to open something while it held nothing. */
export interface Beginning {
  /** Microseconds since the epoch. */
  readonly at: number;
  /** What its fills had brought until then, in 10^-18 of the quote. */
  readonly gained: bigint;
}

/** Stands between a strategy and the market, and writes down what it asks for and what becomes of it; changes nothing. */
export class Witness {
  private words: string[] = [];
  private beginning: Beginning | null = null;
  private readonly texts = new Map<ClientOrderId, string>();
  private readonly standing = new Map<ClientOrderId, WantedOrder>();
  private held = 0n;
  private gained = 0n;
  private told: string | null = null;
  private opening: readonly WantedOrder[] | null = null;

  constructor(private readonly quote: Currency) {}

  /** The same strategy, heard. */
  beside(strategy: Strategy): Strategy {
    return {
      ...strategy,
      configure: (parameters, instrument: Instrument, lastPrice) => {
        const configured = strategy.configure(parameters, instrument, lastPrice);
        return configured.ok ? ok(this.besideConfigured(configured.value)) : configured;
      },
    };
  }

  /** All that was asked for since the last call, taken or not; empty: nothing. */
  take(): string {
    if (this.words.length === 0) return '';
    const said = this.words.join(', ');
    this.words = [];
    return said;
  }

  /** Since the last call; the last one of several. */
  takeBeginning(): Beginning | null {
    const { beginning } = this;
    this.beginning = null;
    return beginning;
  }

  /** What it holds, and its orders that are not over, as it knows of them; without their ids. */
  get stands(): string {
    this.told ??= [
      `holds ${Quantity.format(Quantity.fromUnits(this.held))}`,
      ...[...this.standing.values()].map(textOf).toSorted(),
    ].join(', ');
    return this.told;
  }

  /** Its orders that open something and are not over, as it asked for them; the same list while nothing changes. */
  get openings(): readonly WantedOrder[] {
    this.opening ??= [...this.standing.values()].filter(({ purpose }) => purpose === 'open');
    return this.opening;
  }

  private besideConfigured(configured: ConfiguredStrategy): ConfiguredStrategy {
    return {
      ...configured,
      step: (state, event, context) => {
        this.hear(event);
        const step = configured.step(state, event, context);
        for (const effect of step.effects) this.note(effect, context.now);
        return step;
      },
    };
  }

  private hear(event: StrategyEvent): void {
    if (event.kind === 'order-denied') this.over(event.clientOrderId);
    if (event.kind !== 'order-changed') return;
    const { order, fill } = event;
    if (fill !== null) {
      const { amount }: Money = notional(fill.price, fill.quantity, this.quote);
      this.held += fill.side === 'buy' ? fill.quantity : -fill.quantity;
      this.gained += fill.side === 'buy' ? -amount : amount;
      this.told = null;
    }
    if (isFinal(order.status)) this.over(order.request.clientOrderId);
  }

  private over(id: ClientOrderId): void {
    if (this.standing.delete(id)) this.stood();
  }

  private note(effect: Effect, now: number): void {
    if (effect.kind === 'cancel') this.words.push(`cancel ${this.texts.get(effect.clientOrderId) ?? 'nothing'}`);
    if (effect.kind !== 'place') return;
    const { order } = effect;
    const text = textOf(order);
    this.words.push(text);
    if (order.purpose === 'open' && this.held === 0n) this.beginning = { at: now, gained: this.gained };
    // Asked for again under the same id: it is the same order.
    if (this.texts.has(order.clientOrderId)) return;
    this.texts.set(order.clientOrderId, text);
    this.standing.set(order.clientOrderId, order);
    this.stood();
  }

  private stood(): void {
    this.told = null;
    this.opening = null;
  }
}

export const textOf = ({ purpose, side, quantity, type, price, timeInForce }: WantedOrder): string =>
  `${purpose} ${side} ${Quantity.format(quantity)} ${price === null ? type : `at ${Price.format(price)}`} ${timeInForce}`;
