import type { Bus } from '@scalpstorm/bus';
import { startPlan } from '@scalpstorm/engine';
import { millisecond } from '@scalpstorm/kernel';
import {
  AccountId,
  type ClientOrderId,
  type HaltLevel,
  Money,
  type OrderRequest,
  PlanId,
  type PlanTerms,
  Price,
  Quantity,
  RiskScope,
  TradeId,
  type TradingState,
  UserId,
} from '@scalpstorm/model';
import { anInstrument, aTrade } from '@scalpstorm/testkit';
import type { CancelOutcome, PlaceOutcome, VenueFill, VenueOrderView } from '@scalpstorm/venue-api';
import { CancelOpening } from '../src/handlers/cancel-opening.js';
import { DropChild } from '../src/handlers/drop-child.js';
import { FlattenHeld } from '../src/handlers/flatten-held.js';
import { ObeyTradingWord } from '../src/handlers/obey-trading-word.js';
import { OrderDeniedHandler } from '../src/handlers/order-denied.handler.js';
import { PlanMarkets } from '../src/handlers/plan-markets.js';
import { PlanQuestionHandler } from '../src/handlers/plan-question.handler.js';
import { PlansBehind } from '../src/handlers/plans-behind.js';
import { RunPlans } from '../src/handlers/run-plans.js';
import { TradingStateHandler } from '../src/handlers/trading-state.handler.js';
import { MarketEar, type MarketListener } from '../src/ports/market-ear.js';
import type { StoredPlan } from '../src/ports/order-plans.js';
import { ExecutionParts } from './execution-parts.js';
import { MemoryHandHoldings } from './memory-hand-holdings.js';
import { MemoryStorage } from './memory-ledger.js';
import { MemoryOrderPlans } from './memory-order-plans.js';
import { isWorking, Mortal, type PlanWorld } from './plan-world.js';

export const account = AccountId.of('demo');
export const instrument = anInstrument();
const userId = UserId.of('usr_1');

/** The storage of another life, until this one dies. */
class MortalStorage extends MemoryStorage {
  constructor(kept: MemoryStorage, mortal: Mortal) {
    super();
    this.load = (ids) => kept.load(ids);
    this.commit = async (batch) => {
      await mortal.point();
      const answer = await kept.commit(batch);
      await mortal.point();
      return answer;
    };
    this.order = (id) => kept.order(id);
    Object.assign(this, { orders: kept.orders, cancels: kept.cancels, commits: kept.commits });
  }
}

class WorldEar extends MarketEar {
  readonly listeners: MarketListener[] = [];
  async listen(_instrumentId: unknown, listener: MarketListener): Promise<void> {
    this.listeners.push(listener);
  }
}

/** One life of execution in the world. */
export class PlanStage {
  readonly parts: ExecutionParts;
  readonly runPlans: RunPlans;
  readonly plans: MemoryOrderPlans;
  readonly holdings: MemoryHandHoldings;
  readonly flattenHeld: FlattenHeld;
  readonly questions: PlanQuestionHandler;
  private readonly denied: OrderDeniedHandler;
  private readonly tradingState: TradingStateHandler;
  private readonly ear = new WorldEar();

  private constructor(
    readonly world: PlanWorld,
    readonly mortal: Mortal,
  ) {
    this.parts = new ExecutionParts({ storage: new MortalStorage(world.orders, mortal), clock: world.clock });
    const { ledger, venues, clock, log, cancelOrder, placeOrder, venue } = this.parts;
    this.plans = new MemoryOrderPlans(world, mortal);
    this.holdings = new MemoryHandHoldings(world);
    const markets = new PlanMarkets(this.ear, log);
    const dropChild = new DropChild(ledger, cancelOrder, placeOrder, clock, log);
    this.runPlans = new RunPlans(this.plans, ledger, venues, markets, dropChild, clock, log);
    new PlansBehind(this.parts.adoptOrders, this.parts.compareOrders, this.runPlans);
    this.denied = new OrderDeniedHandler(ledger, this.runPlans);
    const { states, halts } = this.parts;
    const ask = async () => ({ instruments: [instrument], lastPrices: [] });
    const bus = { ask } as unknown as Bus;
    const closing = [ledger, venues, this.holdings, this.plans, this.runPlans, states, halts] as const;
    this.flattenHeld = new FlattenHeld(...closing, dropChild, bus, clock, log);
    this.questions = new PlanQuestionHandler(bus, this.plans, this.runPlans, ledger, venues, clock);
    const cancelOpening = new CancelOpening(ledger, venues, cancelOrder, placeOrder, clock, log);
    this.tradingState = new TradingStateHandler(new ObeyTradingWord(halts, log, cancelOpening));
    venue.lackOf = () => null;
    venue.fills = world.venueFills;
    for (const [id, view] of world.venueOrders) venue.orders.set(id, view);
    venue.onPlace = (request) => this.placed(request);
    venue.onCancel = ({ clientOrderId }) => this.canceled(clientOrderId);
  }

  /** Comes up, and does what a start does. */
  static async rise(world: PlanWorld, mortal = new Mortal()): Promise<PlanStage> {
    const stage = new PlanStage(world, mortal);
    for (const word of world.words) await stage.parts.halts.hear(word);
    await stage.parts.ledger.open();
    for (const batch of world.orders.commits)
      for (const position of batch.positions.values()) stage.parts.ledger.books.rememberPosition(position);
    await stage.parts.venue.open(stage.parts.venueReport.listenerFor(account));
    await stage.parts.resolveUnknown.doubt(account);
    await stage.reconcile();
    return stage;
  }

  reconcile() {
    return this.parts.reconcile.run(account, 'start');
  }

  /** Trading is halted, or released, as the gate tells it. */
  async say(state: TradingState, level: HaltLevel = 'halt'): Promise<void> {
    const scope = RiskScope.platform;
    const { meta } = this.parts.approval();
    this.world.words.push({ scope, state, text: '', since: meta.occurredAt, level });
    await this.tradingState.onChanged({ meta, scope, state, text: '', level, by: userId });
  }

  plan(terms: PlanTerms, id = PlanId.of('plan_000000000001')): Promise<StoredPlan> {
    const owner = { userId, accountId: account, mode: 'demo' as const, hidden: false };
    return this.runPlans.start(startPlan({ ...owner, id, terms, instrument }, this.world.clock.now()));
  }

  /** A moment: what was asked is judged, what is told is heard, and a little time passes. */
  async moment(): Promise<void> {
    await this.look();
    for (const ask of [...this.world.asked]) {
      if (this.world.heard.has(ask)) continue;
      await this.judge(ask.request);
      this.world.heard.add(ask);
    }
    this.tellMarket();
    await this.look();
    this.world.clock.advance(300 * millisecond);
    await this.parts.resolveUnknown.round();
    await quiet();
  }

  /** What is known by now is decided, and nobody judges what is asked. */
  async look(): Promise<void> {
    this.runPlans.look();
    await quiet();
    await this.runPlans.settled();
    const looked = this.flattenHeld.look().catch(() => undefined);
    await quiet();
    await Promise.race([looked, quiet()]);
  }

  /** So much of an order trades at the venue. */
  fill(clientOrderId: string, quantity: Quantity, isTold = true): void {
    const view = this.world.venueOrders.get(clientOrderId);
    if (view === undefined || !isWorking(view)) throw new Error(`${clientOrderId} does not work at the venue`);
    const fill = this.trade(view, quantity);
    const after = this.world.venueOrders.get(clientOrderId);
    if (isTold && after !== undefined) this.parts.venue.listener?.onFill(fill, after);
  }

  /** The venue ends an order of itself. */
  endAtVenue(clientOrderId: string): void {
    const { venueOrders, clock } = this.world;
    const view = venueOrders.get(clientOrderId);
    if (view === undefined || !isWorking(view)) throw new Error(`${clientOrderId} does not work at the venue`);
    const order = { ...view, status: 'canceled' as const, updatedAt: clock.now() };
    this.keep(order);
    this.parts.venue.listener?.onOrderReport({ kind: 'canceled', order, occurredAt: clock.now(), reason: null });
  }

  /** A trade that the venue had not counted when it ended the order. */
  fillLate(clientOrderId: string, quantity: Quantity): void {
    const view = this.world.venueOrders.get(clientOrderId);
    if (view === undefined || isWorking(view)) throw new Error(`${clientOrderId} is not over at the venue`);
    const fill = this.trade(view, quantity);
    const order = { ...view, filledQuantity: Quantity.plus(view.filledQuantity, quantity) };
    this.keep(order);
    this.parts.venue.listener?.onFill(fill, order);
  }

  private async judge(order: OrderRequest): Promise<void> {
    const leg = PlanId.slotOf(order.clientOrderId)?.leg ?? '';
    const code = this.world.denials.get(leg)?.shift();
    if (code === undefined) {
      await this.parts.approve(order);
      return;
    }
    const { meta } = this.parts.approval(order);
    await this.denied.handle({ meta, order, denial: { code, text: '', limit: '', value: '', next: '' } });
  }

  private tellMarket(): void {
    const now = this.world.clock.now();
    const price = Price.of(this.world.price);
    for (const listener of this.ear.listeners) {
      listener.onStatus({ instrumentId: instrument.id, state: 'live', detail: '', lastEventAt: now }, now);
      listener.onTrade(aTrade({ instrumentId: instrument.id, price, occurredAt: now }), now);
    }
  }

  private async placed(request: OrderRequest): Promise<PlaceOutcome> {
    const { venue } = this.parts;
    await this.mortal.point();
    this.world.arrivals.push(request.clientOrderId);
    if (this.world.venueOrders.has(request.clientOrderId)) {
      this.world.twice.push(request.clientOrderId);
      return { kind: 'unknown', code: 'DUPLICATE_CLIENT_ORDER_ID', text: '' };
    }
    const passed = request.trigger?.kind === 'stop' && Price.of(this.world.price) <= request.trigger.price;
    if (passed) return { kind: 'rejected', code: 'WOULD_TRIGGER', text: '', retryable: false };
    const view = venue.view(request);
    this.keep(view);
    const isAtOnce = request.trigger === undefined && (request.type === 'market' || request.timeInForce === 'IOC');
    const fills = isAtOnce ? [this.trade(view, request.quantity)] : [];
    await this.mortal.point();
    const order = this.world.venueOrders.get(request.clientOrderId) ?? view;
    return { kind: 'accepted', venueOrderId: view.venueOrderId, order, fills };
  }

  private async canceled(id: ClientOrderId): Promise<CancelOutcome> {
    await this.mortal.point();
    const view = this.world.venueOrders.get(id);
    if (view === undefined || !isWorking(view)) return { kind: 'not-found' };
    const order = { ...view, status: 'canceled' as const, updatedAt: this.world.clock.now() };
    this.keep(order);
    await this.mortal.point();
    return { kind: 'canceled', order };
  }

  private trade(view: VenueOrderView, quantity: Quantity): VenueFill {
    const filledQuantity = Quantity.plus(view.filledQuantity, quantity);
    const status = filledQuantity === view.quantity ? 'filled' : 'partially-filled';
    this.keep({ ...view, filledQuantity, status, updatedAt: this.world.clock.now() });
    const { parts, world } = this;
    const known = {
      clientOrderId: view.clientOrderId as ClientOrderId,
      instrumentId: view.instrumentId,
      side: view.side,
    };
    const fill = {
      ...parts.fillOf(known as OrderRequest, `${world.venueFills.length + 1}`, {
        quantity,
        price: Price.of(world.price),
        fee: Money.of('0', 'USDT'),
      }),
      tradeId: TradeId.of(`${world.venueFills.length + 1}`),
    };
    world.venueFills.push(fill);
    return fill;
  }

  private keep(view: VenueOrderView): void {
    this.world.venueOrders.set(view.clientOrderId, view);
    this.parts.venue.orders.set(view.clientOrderId, view);
  }
}

/** Lets everything run that waits for nothing but its turn. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 300; turn += 1) await Promise.resolve();
}
