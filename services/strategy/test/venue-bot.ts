import { applyOrderEvent, createOrder } from '@scalpstorm/engine';
import { millisecond, Timestamp, unwrap } from '@scalpstorm/kernel';
import type { BotId, ClientOrderId, Fill, Instrument, JsonObject, Order, OrderEvent, Price } from '@scalpstorm/model';
import { type ConfiguredStrategy, type Effect, type StrategyEvent, scalpingCycle } from '@scalpstorm/strategies';
import { anOrderRequest, eventually } from '@scalpstorm/testkit';
import type { ExecutionVenue, VenueFill } from '@scalpstorm/venue-api';
import type { RecordingExecutionListener } from '@scalpstorm/venue-api/testing';

/** An account at a venue, as the adapter tells it. */
export interface VenueAccount {
  readonly venue: ExecutionVenue;
  readonly heard: RecordingExecutionListener;
  readonly instrument: Instrument;
}

/** A bot straight at a venue: what its strategy wants is placed there, and what the venue says is told to it. */
export class VenueBot {
  readonly orders = new Map<ClientOrderId, Order>();
  readonly fills: Fill[] = [];
  readonly milestones: string[] = [];
  private readonly strategy: ConfiguredStrategy;
  private readonly due: Effect[] = [];
  private state: JsonObject;

  constructor(
    readonly id: BotId,
    private readonly account: VenueAccount,
    parameters: JsonObject,
  ) {
    this.strategy = unwrap(scalpingCycle.configure(parameters, account.instrument));
    this.state = this.strategy.init();
  }

  get live(): Order | undefined {
    return [...this.orders.values()].find(({ status }) => status === 'accepted' || status === 'partially-filled');
  }

  /** Tells it, and does at the venue whatever it wants, until it wants nothing more. */
  async tell(event: StrategyEvent): Promise<void> {
    this.hear(event);
    for (let effect = this.due.shift(); effect !== undefined; effect = this.due.shift()) {
      if (effect.kind === 'place') await this.place(effect);
      if (effect.kind === 'cancel') await this.cancel(effect.clientOrderId);
      if (effect.kind === 'reached') this.milestones.push(`${effect.milestone}: ${effect.reason.code}`);
    }
  }

  /** The market as it would be at this bid. */
  quoteAt(price: Price): StrategyEvent {
    const { instrument } = this.account;
    const sides = {
      bidPrice: price,
      bidQuantity: instrument.stepSize,
      askPrice: price,
      askQuantity: instrument.stepSize,
    };
    return { kind: 'quote', quote: { instrumentId: instrument.id, ...sides, sequence: 1, occurredAt: this.now } };
  }

  private get now(): Timestamp {
    return this.account.venue.venueTime();
  }

  private hear(event: StrategyEvent): void {
    const { instrument } = this.account;
    const nothing = { trade: null, vwap: null, atr: null, prediction: null, funds: null, position: null };
    const quote = event.kind === 'quote' ? event.quote : null;
    const context = { botId: this.id, mode: 'demo' as const, instrument, now: this.now, quote, ...nothing };
    const { state, effects } = this.strategy.step(this.state, event, context);
    this.state = state;
    this.due.push(...effects);
  }

  private async place({ order: wanted }: Extract<Effect, { kind: 'place' }>): Promise<void> {
    const { instrument, venue } = this.account;
    const { slot, ...wording } = wanted;
    const request = anOrderRequest({ ...wording, botId: slot.botId, instrumentId: instrument.id });
    const expiresAt = Timestamp.plus(this.now, 20_000 * millisecond);
    const created = createOrder(request, instrument.quote, this.now);
    this.happen(created, { kind: 'sending', attempt: 0, expiresAt });
    const outcome = await venue.place(request, { expiresAt });
    if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
    this.happen(this.orderOf(request.clientOrderId), { kind: 'accepted', venueOrderId: outcome.venueOrderId });
    const { status, filledQuantity } = outcome.order;
    if (status === 'open') return;
    const fills = await this.fillsOf(request.clientOrderId, filledQuantity);
    for (const fill of fills) this.book({ ...fill, clientOrderId: request.clientOrderId });
  }

  /** As the stream tells them, once each: with their fees. */
  private async fillsOf(id: ClientOrderId, quantity: bigint): Promise<readonly VenueFill[]> {
    return await eventually(
      () => {
        const told = this.account.heard.fills.filter(({ fill }) => fill.clientOrderId === id).map(({ fill }) => fill);
        const once = [...new Map(told.map((fill) => [fill.tradeId, fill])).values()];
        const sum = once.reduce((all, fill) => all + fill.quantity, 0n);
        if (sum !== quantity) throw new Error(`${sum} of ${quantity} told`);
        return once;
      },
      { timeoutMs: 60_000 },
    );
  }

  private book(fill: Fill): void {
    this.fills.push(fill);
    this.happen(this.orderOf(fill.clientOrderId), { kind: 'filled', fill });
  }

  private async cancel(id: ClientOrderId): Promise<void> {
    const asked = this.happen(this.orderOf(id), { kind: 'cancel-requested', cancelReason: 'replace' });
    const { venue, instrument } = this.account;
    const outcome = await venue.cancel({ instrumentId: instrument.id, clientOrderId: id });
    if (outcome.kind !== 'canceled') throw new Error(JSON.stringify(outcome));
    this.happen(asked, { kind: 'canceled', reason: { code: 'VENUE_CANCELED', text: 'as we asked' } });
  }

  private orderOf(id: ClientOrderId): Order {
    const order = this.orders.get(id);
    if (order === undefined) throw new Error(`no order ${id}`);
    return order;
  }

  private happen(before: Order, event: OrderEvent): Order {
    const booked = new Set(
      this.fills.filter((fill) => event.kind !== 'filled' || fill !== event.fill).map((fill) => fill.tradeId),
    );
    const order = unwrap(applyOrderEvent(before, event, this.now, booked));
    this.orders.set(order.request.clientOrderId, order);
    this.hear({ kind: 'order-changed', order, fill: event.kind === 'filled' ? event.fill : null });
    return order;
  }
}
