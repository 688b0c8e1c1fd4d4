import type { RiskDenial } from '@scalpstorm/engine';
import { assert, type Rng, seededRng, Timestamp } from '@scalpstorm/kernel';
import {
  type ClientOrderId,
  type Currency,
  isFinal,
  type OrderEvent,
  type OrderRequest,
  type Reason,
} from '@scalpstorm/model';
import type { Effect } from '@scalpstorm/strategies';
import type { MarketRow } from '../data/market-row.js';
import { Account } from './account.js';
import { Agenda } from './agenda.js';
import { BarKeeper } from './bar-keeper.js';
import { EquityCurve } from './equity-curve.js';
import { FeeBook } from './fees.js';
import { Funding } from './funding.js';
import { Gate } from './gate.js';
import { type BotEar, LaneBot } from './lane-bot.js';
import type { MarketView } from './lane-market.js';
import type { LanePlan } from './lane-options.js';
import { Line } from './line.js';
import { OrderDesk } from './order-desk.js';
import type { SeatedBot } from './seat-bots.js';
import { ToldMarket } from './told-market.js';
import { type Listing, Venue } from './venue.js';
import { Wallet } from './wallet.js';

type Happening =
  | { readonly kind: 'placed'; readonly request: OrderRequest }
  | { readonly kind: 'cancel'; readonly id: ClientOrderId }
  | { readonly kind: 'told'; readonly id: ClientOrderId; readonly event: OrderEvent }
  | { readonly kind: 'denied'; readonly bot: LaneBot; readonly id: ClientOrderId; readonly reason: Reason }
  | { readonly kind: 'wake'; readonly bot: LaneBot; readonly at: number }
  | { readonly kind: 'seen'; readonly place: number; readonly view: MarketView }
  | {
      readonly kind: 'bar';
      readonly keeper: BarKeeper;
      readonly place: number;
      readonly at: number;
      readonly isHeard: boolean;
    }
  | { readonly kind: 'funding' };

export interface DeniedOrder {
  readonly request: OrderRequest;
  readonly at: Timestamp;
  readonly denial: RiskDenial;
}

/**
 * The whole path of an order under a virtual clock: data → bots → gate → line → venue → line → bots. What is due before a row of data
 * happens before it; what is due at its very time happens after it, so that nobody acts on a price before it was there.
 */
export class Lane implements BotEar {
  readonly denied: DeniedOrder[] = [];
  readonly desk: OrderDesk;
  readonly wallet: Wallet;
  readonly venue: Venue;
  readonly fees: FeeBook;
  readonly curve: EquityCurve;
  readonly funding: Funding;
  readonly bots: readonly LaneBot[];
  now = 0;
  /** What the account was worth at the first price of everything; null before. */
  startEquity: bigint | null = null;
  private readonly agenda = new Agenda<Happening>();
  private readonly account: Account;
  private readonly gate: Gate;
  private readonly told: readonly ToldMarket[];
  private readonly toVenue: Line;
  private readonly toBots: Line;
  private readonly prices: Line;
  private readonly botsOf = new Map<string, LaneBot[]>();
  private readonly isLate: boolean;
  /** Of each instrument, what its bots want. */
  private readonly keepers: readonly (readonly BarKeeper[])[];

  constructor(
    private readonly plan: LanePlan,
    readonly listings: readonly Listing[],
    seats: readonly SeatedBot[],
    quote: Currency,
  ) {
    const { rules, balances, seed } = plan;
    const rng = seededRng(seed);
    this.isLate = rules.dataLatency.fixed + rules.dataLatency.spread > 0;
    [this.toVenue, this.toBots, this.prices] = [rules.orderLatency, rules.dataLatency, rules.dataLatency].map(
      (latency) => new Line(latency, forked(rng)),
    ) as [Line, Line, Line];
    this.wallet = new Wallet(balances);
    this.fees = new FeeBook(rules.fees, rules.market === 'spot' ? rules.feeIn : 'quote');
    this.account = new Account(this.wallet, listings, rules.market === 'spot', quote);
    this.gate = new Gate(this.account, listings, plan.limits);
    this.desk = new OrderDesk(quote);
    this.curve = new EquityCurve(plan.equityEvery, listings);
    this.funding = new Funding(rules, this.wallet, quote);
    this.venue = new Venue({
      wallet: this.wallet,
      fees: this.fees,
      isSpot: rules.market === 'spot',
      now: () => this.time,
      listing: (request) => this.listingOf(request),
      report: (id, event) => this.agenda.enter(this.toBots.arrival(this.now), { kind: 'told', id, event }),
    });
    this.told = listings.map((listing) => new ToldMarket(listing, this.isLate));
    this.bots = seats.map((seat, index) => {
      const parts = { account: this.account, ear: this, bounds: plan.bounds };
      return new LaneBot(index, seat, this.told[seat.place] as ToldMarket, parts);
    });
    this.keepers = listings.map((listing) => {
      const wanted = this.bots.flatMap((bot) => (bot.told.listing === listing ? (bot.barsWanted ?? []) : []));
      return [...new Set(wanted)].map((timeframe) => new BarKeeper(listing, timeframe));
    });
    for (const listing of listings) {
      const { symbol } = listing.instrument;
      this.botsOf.set(
        symbol,
        this.bots.filter((bot) => bot.plan.symbol === symbol),
      );
    }
  }

  /** One row of data, of the instrument at this place; rows come in the order of time. */
  play(place: number, row: MarketRow, at: number): void {
    if (this.now === 0) this.begin(at);
    this.runUntil(at);
    this.now = at;
    const listing = this.listings[place] as Listing;
    if (row.kind === 'funding') {
      this.funding.pay(listing, row.rate, this.time);
      return;
    }
    const { prints } = listing.market.view;
    listing.market.play(row, at);
    if (listing.market.view.prints !== prints) this.keepBars(place, listing, at);
    if (this.startEquity === null && this.listings.every(hasPrice)) {
      this.startEquity = this.account.equity();
      this.curve.keepFirstPrices();
    }
    if (this.isLate) {
      const view = { ...listing.market.view };
      this.agenda.enter(this.prices.arrival(at), { kind: 'seen', place, view });
    } else this.tellMarket(listing);
  }

  /** What is due at the time of the last row happens; what is due later does not. */
  settle(): void {
    this.runUntil(this.now + 1);
  }

  /** Nothing comes any more. */
  end(): void {
    this.settle();
    this.curve.end(this.account.equity(), this.now);
  }

  equity = (): bigint => this.account.equity();

  place(bot: LaneBot, request: OrderRequest): void {
    const id = request.clientOrderId;
    // Asked for again under the same id: the first verdict stands.
    if (this.desk.get(id) !== undefined) return;
    this.desk.open(request, this.time);
    const denial = this.gate.judge(request, bot.told.listing, this.time);
    if (denial !== null) {
      const reason = { code: denial.code, text: denial.text };
      this.desk.apply(id, { kind: 'denied', reason }, this.time);
      this.denied.push({ request, at: this.time, denial });
      this.agenda.enter(this.now, { kind: 'denied', bot, id, reason });
      return;
    }
    this.desk.apply(id, { kind: 'sending', attempt: 0, expiresAt: this.time }, this.time);
    this.account.leaves(request);
    this.agenda.enter(this.toVenue.arrival(this.now), { kind: 'placed', request });
  }

  cancel(_bot: LaneBot, { clientOrderId, reason }: Extract<Effect, { kind: 'cancel' }>): void {
    const order = this.desk.get(clientOrderId);
    if (order === undefined || isFinal(order.status)) return;
    const isPending = order.status === 'pending-cancel';
    const asked = this.desk.apply(clientOrderId, { kind: 'cancel-requested', cancelReason: reason }, this.time);
    if (asked === null || isPending) return;
    this.gate.hear(asked, this.listingOf(order.request));
    this.agenda.enter(this.toVenue.arrival(this.now), { kind: 'cancel', id: clientOrderId });
  }

  wake(bot: LaneBot, at: Timestamp): void {
    this.agenda.enter(Math.max(at, this.now), { kind: 'wake', bot, at });
  }

  private get time(): Timestamp {
    return Timestamp.fromMicros(this.now);
  }

  private begin(at: number): void {
    this.curve.begin(at);
    const next = this.funding.nextAfter(at);
    if (next !== null) this.agenda.enter(next, { kind: 'funding' });
  }

  private runUntil(end: number): void {
    const { agenda, curve } = this;
    while (agenda.nextAt < end) {
      const at = agenda.nextAt;
      if (at >= curve.nextAt) curve.note(this.account.equity(), at);
      this.now = Math.max(this.now, at);
      const next = agenda.take();
      assert(next !== null, 'the agenda lost what was next');
      this.happen(next);
    }
    if (end >= curve.nextAt) curve.note(this.account.equity(), end);
  }

  private happen(next: Happening): void {
    switch (next.kind) {
      case 'placed':
        this.account.arrives(next.request);
        this.venue.place(next.request);
        return;
      case 'cancel':
        this.venue.cancel(next.id);
        return;
      case 'told':
        this.tellOrder(next.id, next.event);
        return;
      case 'denied':
        next.bot.hearOrder({ kind: 'order-denied', clientOrderId: next.id, reason: next.reason }, this.now);
        return;
      case 'wake':
        next.bot.wake(next.at, this.now);
        return;
      case 'seen':
        this.told[next.place]?.hear(next.view);
        this.tellMarket(this.listings[next.place] as Listing);
        return;
      case 'bar':
        if (next.isHeard) this.tellBars(next.keeper, next.place, next.at);
        else this.agenda.enter(this.prices.arrival(this.now), { ...next, isHeard: true });
        return;
      case 'funding':
        this.payFunding();
    }
  }

  private tellOrder(id: ClientOrderId, event: OrderEvent): void {
    const order = this.desk.apply(id, event, this.time);
    if (order === null) return;
    this.gate.hear(order, this.listingOf(order.request));
    const bot = this.bots.find((one) => one.id === order.request.botId);
    const fill = event.kind === 'filled' ? event.fill : null;
    bot?.hearOrder({ kind: 'order-changed', order, fill }, this.now);
  }

  private tellMarket({ instrument }: Listing): void {
    const bots = this.botsOf.get(instrument.symbol) as readonly LaneBot[];
    for (let index = 0; index < bots.length; index += 1) (bots[index] as LaneBot).hearMarket(this.now);
  }

  private keepBars(place: number, { market }: Listing, at: number): void {
    const keepers = this.keepers[place] as readonly BarKeeper[];
    for (let index = 0; index < keepers.length; index += 1) {
      const keeper = keepers[index] as BarKeeper;
      const end = keeper.add(market.view, at);
      if (end !== null) this.agenda.enter(end, { kind: 'bar', keeper, place, at: end, isHeard: !this.isLate });
    }
  }

  private tellBars(keeper: BarKeeper, place: number, at: number): void {
    const bars = keeper.barsAt(at);
    for (const bot of this.bots) {
      if (bot.told === this.told[place] && bot.barsWanted === keeper.timeframe) bot.hearBars(bars, this.now);
    }
  }

  private payFunding(): void {
    for (const listing of this.listings) this.funding.payConstant(listing, this.time);
    const next = this.funding.nextAfter(this.now);
    if (next !== null) this.agenda.enter(next, { kind: 'funding' });
  }

  private listingOf({ instrumentId }: OrderRequest): Listing {
    const listing = this.listings.find(({ instrument }) => instrument.id === instrumentId);
    assert(listing !== undefined, `an order for an instrument of another run: ${instrumentId}`);
    return listing;
  }
}

const hasPrice = ({ market }: Listing): boolean => market.view.last > 0 || market.view.bid > 0;

/** One stream each, so that more of one does not change the others. */
const forked = (rng: Rng): Rng => seededRng(rng.below(2 ** 32));
