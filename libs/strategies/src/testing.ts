import { applyOrderEvent, createOrder, fillsAwaited, type PairFunds } from '@scalpstorm/engine';
import { at, exampleBot, exampleInstrument, exampleRequest } from '@scalpstorm/engine/testing';
import { assert, Timestamp, unwrap } from '@scalpstorm/kernel';
import {
  atMarket,
  type CancelReason,
  type Candle,
  ClientOrderId,
  Currency,
  type Cycle,
  type Fill,
  type Instrument,
  isFinal,
  type JsonObject,
  type Leg,
  Money,
  notional,
  type Order,
  type OrderEvent,
  type Prediction,
  Price,
  Quantity,
  type Quote,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import type { ScalpingState } from './scalping-cycle/state.js';
import type { ConfiguredStrategy } from './sdk/define.js';
import { isObject } from './sdk/reader.js';
import type { Effect, StrategyEvent, WantedOrder } from './sdk/strategy.js';

const marketKinds: ReadonlySet<StrategyEvent['kind']> = new Set(['quote', 'trade']);

/**
 * A tiny gate, execution and venue in one for specs: it keeps the truth, and a mailbox of events that the spec delivers
 * in any order and as often as it likes. Restarts take the strategy back to what was last written down.
 */
export class VenueModel {
  readonly orders = new Map<ClientOrderId, Order>();
  readonly fills: Fill[] = [];
  readonly effects: Effect[] = [];
  readonly cycles = new Map<number, Cycle>();
  readonly denials = new Set<ClientOrderId>();
  state: JsonObject;
  now: Timestamp = at(0);
  denyNext: string | null = null;
  /** The next order that is asked for is lost on its way, whenever it is asked for until it is found. */
  loseNext = false;
  private lost: ClientOrderId | null = null;
  /** The venue refuses every cancel. */
  refusesCancels = false;
  /** By what the venue judges the value of an order at the market; null: the last price. */
  averagePrice: Price | null = null;
  /** What a strategy hears of the market besides the last price. */
  quote: Quote | null = null;
  vwap: Price | null = null;
  atr: Price | null = null;
  prediction: Prediction | null = null;
  /** Closed bars, oldest first; null: not known. */
  bars: readonly Candle[] | null = null;
  /** What the account holds, as it was heard last. */
  funds: PairFunds | null = null;
  private wish: StrategyEvent | null = null;
  private readonly events: StrategyEvent[] = [];
  private delivered = new Set<number>();
  private saved: { state: string; delivered: readonly number[] };

  constructor(
    private strategy: ConfiguredStrategy,
    private lastPrice: Price | null = Price.of('100'),
    readonly instrument: Instrument = exampleInstrument(),
  ) {
    this.state = strategy.init();
    this.saved = { state: JSON.stringify(this.state), delivered: [] };
  }

  get machine(): ScalpingState {
    const { cycle } = this.state;
    // A strategy that wraps the machine keeps the machine's state within its own.
    return (isObject(cycle) ? cycle : this.state) as ScalpingState;
  }

  /** The order that the next word of the venue is about: of a bot with several alive, any of them. */
  turn = 0;

  private get inTurn(): Order | undefined {
    const { live } = this;
    return live[this.turn % Math.max(live.length, 1)];
  }

  get live(): Order[] {
    return [...this.orders.values()].filter((order) => !isFinal(order.status));
  }

  /** Lets the strategy hear an event, and does what it wants. */
  hear(event: StrategyEvent): readonly Effect[] {
    const trade =
      this.lastPrice === null
        ? null
        : {
            instrumentId: this.instrument.id,
            tradeId: TradeId.of('m'),
            price: this.lastPrice,
            quantity: Quantity.of('1'),
            aggressor: 'buy' as const,
            occurredAt: this.now,
          };
    const { instrument, now, quote, vwap, atr, prediction, bars, funds } = this;
    const context = {
      botId: exampleBot,
      mode: 'demo' as const,
      instrument,
      now,
      quote,
      trade,
      vwap,
      atr,
      prediction: prediction !== null && now <= prediction.validUntil ? prediction : null,
      bars,
      funds,
      position: null,
    };
    const step = this.strategy.step(this.state, event, context);
    const heeds = !marketKinds.has(event.kind) || this.strategy.heedsMarket(this.state);
    assert(heeds || (step.state === this.state && step.effects.length === 0), 'a price that was not heeded mattered');
    this.state = step.state;
    for (const effect of step.effects) this.obey(effect);
    return step.effects;
  }

  /** The market moves; the strategy hears of it. */
  market(bid: string, ask: string = bid): readonly Effect[] {
    this.lastPrice = Price.of(bid);
    const quantities = { bidQuantity: Quantity.of('1'), askQuantity: Quantity.of('1') };
    const prices = { bidPrice: Price.of(bid), askPrice: Price.of(ask) };
    const quote = { instrumentId: this.instrument.id, ...prices, ...quantities, sequence: 1, occurredAt: this.now };
    this.quote = quote;
    return this.hear({ kind: 'quote', quote });
  }

  /** Nobody hears of the market any more. */
  silence(): void {
    this.quote = null;
    this.lastPrice = null;
  }

  /** The user edits its parameters while it lives. */
  edit(strategy: ConfiguredStrategy): readonly Effect[] {
    this.strategy = strategy;
    return this.hear({ kind: 'reconfigured' });
  }

  pass(seconds: number): readonly Effect[] {
    this.now = Timestamp.plus(this.now, seconds * 1e6);
    return this.hear({ kind: 'tick' });
  }

  save(): void {
    this.saved = { state: JSON.stringify(this.state), delivered: [...this.delivered] };
  }

  /** Back to what was written down; everything that was heard since is heard again some time. */
  restart(): readonly Effect[] {
    this.state = JSON.parse(this.saved.state);
    this.delivered = new Set(this.saved.delivered);
    const effects = this.hear({ kind: 'restored' });
    return this.wish === null ? effects : [...effects, ...this.hear(this.wish)];
  }

  /** What the user wants is on record: after a restart the strategy is told again. */
  command(wish: StrategyEvent): readonly Effect[] {
    this.wish = wish;
    return this.hear(wish);
  }

  /** Delivers one event that was not yet delivered, any of them. */
  deliver(pick = 0): readonly Effect[] {
    const waiting = this.events.flatMap((_, index) => (this.delivered.has(index) ? [] : [index]));
    const index = waiting[pick % Math.max(waiting.length, 1)];
    const event = index === undefined ? undefined : this.events[index];
    if (index === undefined || event === undefined) return [];
    this.delivered.add(index);
    return this.hear(event);
  }

  /** Delivers what waits of one leg's orders before all else: news of a later order may overtake that of an earlier one. */
  deliverLeg(leg: Leg): readonly Effect[] {
    return this.events.flatMap((event, index) => {
      const ofLeg =
        event.kind === 'order-changed' && ClientOrderId.slotOf(event.order.request.clientOrderId)?.leg === leg;
      if (!ofLeg || this.delivered.has(index)) return [];
      this.delivered.add(index);
      return this.hear(event);
    });
  }

  repeat(pick: number): readonly Effect[] {
    const event = this.events[pick % Math.max(this.events.length, 1)];
    return event === undefined ? [] : this.hear(event);
  }

  deliverAll(): void {
    while (this.delivered.size < this.events.length) this.deliver();
  }

  /** Fills the live order by so many thousandths of its quantity, at most what is left. */
  fill(thousandths: number, feeCurrency: 'usual' | 'BNB' = 'usual', at: string | null = null): void {
    const order = this.inTurn;
    if (order) this.fillOf(order, thousandths, { feeCurrency, at });
  }

  /** Of an order that is over, which the venue tells only now. */
  fillLate(slot: string, thousandths: number): void {
    const order = [...this.orders.values()].find(({ request }) => request.clientOrderId.endsWith(slot));
    if (order) this.fillOf(order, thousandths, { feeCurrency: 'usual', at: null });
  }

  private fillOf(
    order: Order,
    thousandths: number,
    { feeCurrency, at }: { readonly feeCurrency: 'usual' | 'BNB'; readonly at: string | null },
  ): void {
    const left = Quantity.minus(order.request.quantity, order.filledQuantity);
    const part = Quantity.floorTo(
      Quantity.fromUnits((order.request.quantity * BigInt(thousandths)) / 1000n),
      this.instrument.stepSize,
    );
    const quantity = Quantity.min(Quantity.max(part, this.instrument.stepSize), left);
    const price = at === null ? (order.request.price ?? this.lastPrice ?? Price.of('100')) : Price.of(at);
    const fill: Fill = {
      tradeId: TradeId.of(`t${this.fills.length}`),
      clientOrderId: order.request.clientOrderId,
      venueOrderId: VenueOrderId.of('v'),
      instrumentId: this.instrument.id,
      side: order.request.side,
      price,
      quantity,
      fee: this.feeOf(order, price, quantity, feeCurrency),
      liquidity: 'maker',
      occurredAt: this.now,
    };
    this.fills.push(fill);
    this.happen(order, { kind: 'filled', fill });
  }

  /** What was lost on its way comes through when it is asked for again. */
  find(): void {
    this.lost = null;
  }

  end(kind: 'canceled' | 'rejected' | 'expired', code = `VENUE_${kind.toUpperCase()}`): void {
    const order = this.inTurn;
    if (order) this.happen(order, { kind, reason: { code, text: 'the venue says so' } });
  }

  /** The venue has ended the live order and counts more of it than it has told. */
  holdEnd(): void {
    const order = this.inTurn;
    if (order) this.happen(order, { kind: 'end-held', reason: { code: fillsAwaited, text: 'the rest is asked for' } });
  }

  /** Somebody cancels the order through the platform, not through the strategy. */
  endByPlatform(reason: CancelReason): void {
    const order = this.inTurn;
    if (order) this.cancel(order.request.clientOrderId, reason);
  }

  private feeOf(order: Order, price: Price, quantity: Quantity, currency: 'usual' | 'BNB'): Money {
    if (currency === 'BNB') return { amount: 123_456_789n, currency: Currency.of('BNB') };
    if (order.request.side === 'buy') return { amount: quantity * 1000n, currency: this.instrument.base };
    return { amount: notional(price, quantity, this.instrument.quote).amount / 1000n, currency: this.instrument.quote };
  }

  private obey(effect: Effect): void {
    this.effects.push(effect);
    if (effect.kind === 'place') this.place(effect.order);
    if (effect.kind === 'cancel') this.cancel(effect.clientOrderId, effect.reason);
    if (effect.kind === 'cycle-completed') this.cycles.set(effect.cycle.number, effect.cycle);
  }

  private place(wanted: WantedOrder): void {
    const id = wanted.clientOrderId;
    if (this.orders.has(id) || this.denials.has(id)) return;
    if (this.loseNext) this.lost = id;
    this.loseNext = false;
    if (id === this.lost) return;
    const refused = this.exceedsPosition(wanted) ? 'EXCEEDS_POSITION' : this.brokenRule(wanted);
    const code = refused ?? this.denyNext;
    if (code !== null) {
      this.denials.add(id);
      this.events.push({ kind: 'order-denied', clientOrderId: id, reason: { code, text: 'denied' } });
      this.denyNext = null;
      return;
    }
    const { slot, ...order } = wanted;
    const request = exampleRequest({ ...order, botId: slot.botId });
    const created = createOrder(request, this.instrument.quote, this.now);
    this.happen(created, { kind: 'sending', attempt: 0, expiresAt: this.now });
  }

  /** The gate's rule for closing orders: what its own fills hold, less what works already. */
  private exceedsPosition(wanted: WantedOrder): boolean {
    if (wanted.purpose === 'open') return false;
    const held = netBaseOf(this.fills, this.instrument) / 10n ** 6n;
    const working = this.live.filter((order) => order.request.side === wanted.side);
    const taken = working.reduce((sum, order) => sum + order.request.quantity - order.filledQuantity, 0n);
    return wanted.quantity > (wanted.side === 'sell' ? held : -held) - taken;
  }

  /** The venue's rules for one order, and no price but its own average to judge a value by. */
  private brokenRule({ type, quantity, price }: WantedOrder): string | null {
    const { stepSize, quantityMin, quantityMax, marketNotionalMax, quote } =
      type === 'market' ? atMarket(this.instrument) : this.instrument;
    if (quantity > quantityMax) return 'QUANTITY_ABOVE_MAXIMUM';
    if (quantity < quantityMin) return 'MARKET_QUANTITY_BELOW_MINIMUM';
    if (quantity % stepSize !== 0n) return 'MARKET_QUANTITY_OFF_STEP';
    const average = price === null ? (this.averagePrice ?? this.lastPrice) : null;
    if (average === null || marketNotionalMax === null) return null;
    return notional(average, quantity, quote).amount > marketNotionalMax.amount ? 'NOTIONAL_ABOVE_MAXIMUM' : null;
  }

  /** The acceptance is an event of its own, so that a fill can come before it. */
  accept(): void {
    const order = this.inTurn;
    if (order?.status === 'sending') this.happen(order, { kind: 'accepted', venueOrderId: VenueOrderId.of('v') });
  }

  private cancel(id: ClientOrderId, cancelReason: CancelReason): void {
    const order = this.orders.get(id);
    if (!order || isFinal(order.status)) return;
    const asked = this.happen(order, { kind: 'cancel-requested', cancelReason });
    const reason = { code: 'VENUE_CANCELED', text: 'as we asked' };
    this.happen(asked, this.refusesCancels ? { kind: 'cancel-rejected', reason } : { kind: 'canceled', reason });
  }

  private happen(before: Order, event: OrderEvent): Order {
    const order = unwrap(applyOrderEvent(before, event, this.now, new Set()));
    this.orders.set(order.request.clientOrderId, order);
    this.events.push({ kind: 'order-changed', order, fill: event.kind === 'filled' ? event.fill : null });
    return order;
  }
}

/** Signed base after fees, in 10^-18. */
export function netBaseOf(fills: readonly Fill[], instrument: Instrument): bigint {
  let base = 0n;
  for (const { side, quantity, fee } of fills) {
    base += (side === 'buy' ? quantity : -quantity) * 10n ** 6n;
    if (fee.currency === instrument.base) base -= fee.amount;
  }
  return base;
}
