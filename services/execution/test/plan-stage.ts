import type { Plan, PlanDecision } from '@scalpstorm/engine';
import { startPlan } from '@scalpstorm/engine';
import { millisecond } from '@scalpstorm/kernel';
import {
  AccountId,
  type Activity,
  type ClientOrderId,
  isPlanOver,
  Money,
  type OrderRequest,
  PlanId,
  type PlanTerms,
  Price,
  Quantity,
  TradeId,
  type UserId,
} from '@scalpstorm/model';
import { anInstrument, aTrade } from '@scalpstorm/testkit';
import type { CancelOutcome, PlaceOutcome, VenueFill, VenueOrderView } from '@scalpstorm/venue-api';
import { planFromText, planText } from '../src/domain/plan-body.js';
import { DropChild } from '../src/handlers/drop-child.js';
import { OrderDeniedHandler } from '../src/handlers/order-denied.handler.js';
import { PlanMarkets } from '../src/handlers/plan-markets.js';
import { RunPlans } from '../src/handlers/run-plans.js';
import { MarketEar, type MarketListener } from '../src/ports/market-ear.js';
import { OrderPlans, type PlanList, type StoredPlan } from '../src/ports/order-plans.js';
import { ExecutionParts } from './execution-parts.js';
import { MemoryStorage } from './memory-ledger.js';
import { isWorking, Mortal, type PlanWorld } from './plan-world.js';

const account = AccountId.of('demo');
const instrument = anInstrument();

class MemoryOrderPlans extends OrderPlans {
  constructor(
    private readonly world: PlanWorld,
    private readonly mortal: Mortal,
  ) {
    super();
  }

  async add(plan: Plan): Promise<StoredPlan> {
    await this.mortal.point();
    if (!this.world.plans.has(plan.id)) this.world.plans.set(plan.id, { text: planText(plan), version: 0 });
    await this.mortal.point();
    return this.read(plan.id);
  }

  async save(stored: StoredPlan, next: Plan, asks: PlanDecision['asks'], told: Activity | null): Promise<StoredPlan> {
    await this.mortal.point();
    const version = this.world.plans.get(next.id)?.version;
    if (version !== stored.version) throw new Error(`version ${version} of a plan in the place of ${stored.version}`);
    this.world.plans.set(next.id, { text: planText(next), version: version + 1 });
    this.world.asked.push(...asks);
    if (told !== null) this.world.told.push(told);
    await this.mortal.point();
    return { ...stored, plan: next, version: version + 1 };
  }

  async read(planId: PlanId): Promise<StoredPlan> {
    const row = this.world.plans.get(planId);
    if (row === undefined) throw new Error(`no plan ${planId}`);
    return { plan: planFromText(row.text), version: row.version, sequence: 1n };
  }

  async open(): Promise<readonly StoredPlan[]> {
    const all = await Promise.all([...this.world.plans.keys()].map((id) => this.read(id)));
    return all.filter(({ plan }) => !isPlanOver(plan.status));
  }

  async behind(): Promise<readonly StoredPlan[]> {
    const all = await Promise.all([...this.world.plans.keys()].map((id) => this.read(id)));
    const filledOf = (id: ClientOrderId) => this.world.orders.orders.get(id)?.tracked.order.filledQuantity ?? 0n;
    return all.filter(
      ({ plan }) => isPlanOver(plan.status) && plan.children.some((one) => filledOf(one.clientOrderId) > one.filled),
    );
  }

  async find(_userId: UserId, planId: PlanId): Promise<StoredPlan | null> {
    return this.world.plans.has(planId) ? this.read(planId) : null;
  }

  async list(_wanted: PlanList): Promise<readonly StoredPlan[]> {
    return Promise.all([...this.world.plans.keys()].map((id) => this.read(id)));
  }
}

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
  readonly plans: OrderPlans;
  private readonly denied: OrderDeniedHandler;
  private readonly ear = new WorldEar();

  private constructor(
    readonly world: PlanWorld,
    readonly mortal: Mortal,
  ) {
    this.parts = new ExecutionParts({ storage: new MortalStorage(world.orders, mortal), clock: world.clock });
    const { ledger, venues, clock, log, cancelOrder, placeOrder, venue } = this.parts;
    this.plans = new MemoryOrderPlans(world, mortal);
    const markets = new PlanMarkets(this.ear, log);
    const dropChild = new DropChild(ledger, cancelOrder, placeOrder, clock, log);
    this.runPlans = new RunPlans(this.plans, ledger, venues, markets, dropChild, clock, log);
    this.denied = new OrderDeniedHandler(ledger, this.runPlans);
    venue.lackOf = () => null;
    venue.fills = world.venueFills;
    for (const [id, view] of world.venueOrders) venue.orders.set(id, view);
    venue.onPlace = (request) => this.placed(request);
    venue.onCancel = ({ clientOrderId }) => this.canceled(clientOrderId);
  }

  /** Comes up, and does what a start does. */
  static async rise(world: PlanWorld, mortal = new Mortal()): Promise<PlanStage> {
    const stage = new PlanStage(world, mortal);
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

  plan(terms: PlanTerms): Promise<StoredPlan> {
    const owner = { userId: 'usr_1' as UserId, accountId: account, mode: 'demo' as const, hidden: false };
    const id = PlanId.of('plan_000000000001');
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

  private async look(): Promise<void> {
    this.runPlans.look();
    await quiet();
    await this.runPlans.settled();
    await quiet();
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
    if (this.world.venueOrders.has(request.clientOrderId))
      return { kind: 'unknown', code: 'DUPLICATE_CLIENT_ORDER_ID', text: '' };
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
