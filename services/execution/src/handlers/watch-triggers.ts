import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { sourcePrice, watchTrigger } from '@scalpstorm/engine';
import { millisecond, Timestamp } from '@scalpstorm/kernel';
import type { AccountId, ClientOrderId, InstrumentId, Order, OrderEvent, Price, Reason } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { EmulatedMarket } from '../domain/emulated-market.js';
import { FollowedPrices } from '../ports/followed-prices.js';
import { Ledger } from '../ports/ledger.js';
import { MarketEar } from '../ports/market-ear.js';
import { Pause } from '../ports/pause.js';
import { TradingHalts } from '../ports/trading-halts.js';
import { Venues } from '../ports/venues.js';
import { AccountStates } from './account-states.js';
import { KeepSending } from './keep-sending.js';
import { PlaceOrder } from './place-order.js';

const everyMs = 1_000;
/** A market is told once a second, so that one look or two say nothing. */
const blindLooksMax = 5;
const blindWords = 'orders wait for a trigger, and their market is old, crossed or not live: nothing goes off';

/**
 * The triggers that no venue watches for us. An order that waits for one is `emulated` in the ledger and nowhere else: it survives this
 * process, and nothing of it has left. When its price is reached its release and its SENDING mark are one commit, and then it goes the
 * way of every order. While the market is old, crossed or not live, and while its account may not trade, it waits; what the market
 * is by then decides.
 */
@Injectable()
export class WatchTriggers implements OnApplicationBootstrap, OnApplicationShutdown {
  /** One for each instrument that ever had an emulated order since the start; listened to until the end. */
  private readonly markets = new Map<InstrumentId, EmulatedMarket>();
  private readonly waiting = new Map<InstrumentId, Map<ClientOrderId, Order>>();
  /** Of every account whose books are open here; read before anything of it is watched. */
  private readonly best = new Map<AccountId, Map<ClientOrderId, Price>>();
  private readonly moved = new Set<ClientOrderId>();
  private readonly releasing = new Set<ClientOrderId>();
  /** How often one after the other its market could not be seen. */
  private readonly blindLooks = new Map<InstrumentId, number>();
  private timer: NodeJS.Timeout | null = null;
  private looking = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly states: AccountStates,
    private readonly halts: TradingHalts,
    private readonly placeOrder: PlaceOrder,
    private readonly ear: MarketEar,
    private readonly followed: FollowedPrices,
    private readonly clock: WallClock,
    private readonly log: Log,
    pause: Pause,
  ) {
    const keepSending = new KeepSending({ ledger, venues, states, pause, clock, log });
    placeOrder.persist((...given) => keepSending.again(...given));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.lookQuietly(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** It waits from now on. */
  watch(order: Order): void {
    const { instrumentId, clientOrderId } = order.request;
    this.marketOf(instrumentId);
    const here = this.waiting.get(instrumentId) ?? new Map<ClientOrderId, Order>();
    this.waiting.set(instrumentId, here.set(clientOrderId, order));
  }

  /** Takes up what waits in the books, also after a start, drops what does not any more, and keeps how far prices were followed. */
  async look(): Promise<void> {
    await this.loadFollowed();
    const emulated = new Set<ClientOrderId>();
    for (const { id } of this.venues.accounts()) {
      if (!this.ledger.isOpen(id)) continue;
      for (const { order } of this.ledger.working(id)) {
        if (order.status !== 'emulated') continue;
        emulated.add(order.request.clientOrderId);
        this.watch(order);
      }
    }
    for (const here of this.waiting.values()) for (const id of here.keys()) if (!emulated.has(id)) here.delete(id);
    this.noteBlind();
    await this.keepFollowed();
    await this.placeOrder.endAllWithheld();
  }

  /** Whose books are not open here is another's to know, and another's to forget. */
  private async loadFollowed(): Promise<void> {
    for (const { id } of this.venues.accounts())
      if (this.ledger.isOpen(id) && !this.best.has(id)) this.best.set(id, new Map(await this.followed.load(id)));
  }

  /** Whoever waits at a market that nobody can see is told of once, and that it is seen again. */
  private noteBlind(): void {
    for (const [instrumentId, here] of this.waiting) {
      const blind = here.size > 0 && this.markets.get(instrumentId)?.prices(this.clock.now()) === null;
      const before = this.blindLooks.get(instrumentId) ?? 0;
      const looks = blind ? before + 1 : 0;
      const about = { instrumentId, orders: here.size };
      if (looks === blindLooksMax) this.log.warn(about, blindWords);
      if (looks === 0 && before >= blindLooksMax) this.log.info(about, 'the market of orders that wait is seen again');
      this.blindLooks.set(instrumentId, looks);
    }
  }

  private lookQuietly(): void {
    if (this.looking) return;
    this.looking = true;
    this.look()
      .catch((error) => {
        stopOnBrokenInvariant(error);
        this.log.warn(
          { error },
          'the orders that wait for a trigger could not be looked through; once more in a second',
        );
      })
      .finally(() => {
        this.looking = false;
      });
  }

  private async keepFollowed(): Promise<void> {
    for (const [accountId, best] of this.best) {
      // Only open books know which orders wait no more.
      if (!this.ledger.isOpen(accountId)) continue;
      const known = new Set([...this.waiting.values()].flatMap((here) => [...here.keys()]));
      const over = [...best.keys()].filter((id) => !known.has(id));
      const kept = new Map([...best].filter(([id]) => this.moved.has(id) && known.has(id)));
      if (kept.size > 0) await this.followed.keep(accountId, kept);
      // What moved meanwhile is kept with the next look, and so is all of it when it could not be stored.
      for (const [id, price] of kept) if (best.get(id) === price) this.moved.delete(id);
      if (over.length > 0) await this.followed.forget(accountId, over);
      for (const id of over) if (best.delete(id)) this.moved.delete(id);
    }
  }

  private marketOf(instrumentId: InstrumentId): EmulatedMarket {
    const known = this.markets.get(instrumentId);
    if (known !== undefined) return known;
    const market = new EmulatedMarket();
    this.markets.set(instrumentId, market);
    const consider = () => this.consider(instrumentId, market);
    const heard = {
      onQuote: (...told: Parameters<EmulatedMarket['onQuote']>) => {
        market.onQuote(...told);
        consider();
      },
      onTrade: (...told: Parameters<EmulatedMarket['onTrade']>) => {
        market.onTrade(...told);
        consider();
      },
      onStatus: (...told: Parameters<EmulatedMarket['onStatus']>) => market.onStatus(...told),
    };
    this.ear.listen(instrumentId, heard).catch((error) => {
      // Asked again with the next look.
      this.markets.delete(instrumentId);
      this.log.warn({ instrumentId, error }, 'the market of an order that waits could not be listened to');
    });
    return market;
  }

  private consider(instrumentId: InstrumentId, market: EmulatedMarket): void {
    const here = this.waiting.get(instrumentId);
    const prices = here === undefined || here.size === 0 ? null : market.prices(this.clock.now());
    if (here === undefined || prices === null) return;
    for (const [id, order] of here) {
      const { trigger, side } = order.request;
      const price = trigger === undefined ? null : sourcePrice(prices, trigger.source);
      const followed = this.best.get(order.request.accountId);
      if (trigger === undefined || price === null || followed === undefined) continue;
      const { goesOff, best } = watchTrigger(trigger, side, price, followed.get(id) ?? null);
      if (best !== null && best !== followed.get(id)) {
        followed.set(id, best);
        this.moved.add(id);
      }
      if (goesOff) this.release(order);
    }
  }

  private release(order: Order): void {
    const { clientOrderId, accountId, purpose } = order.request;
    const ready = this.ledger.isOpen(accountId) && this.states.mayPlace(accountId, purpose);
    if (!ready || this.venues.venueOf(accountId) === null || this.releasing.has(clientOrderId)) return;
    this.releasing.add(clientOrderId);
    this.releaseNow(order)
      .catch((error) => {
        stopOnBrokenInvariant(error);
        this.log.error({ clientOrderId, error }, 'an order whose trigger was reached could not be released; once more');
      })
      .finally(() => this.releasing.delete(clientOrderId));
  }

  private async releaseNow(order: Order): Promise<void> {
    const { clientOrderId, accountId, instrumentId } = order.request;
    const venue = this.venues.venueOf(accountId);
    if (venue === null) return;
    const halted = this.haltOf(order);
    const expiresAt = Timestamp.plus(venue.venueTime(), this.venues.requestLifeMs * millisecond);
    const events: readonly OrderEvent[] =
      halted === null
        ? [{ kind: 'released' }, { kind: 'sending', attempt: 1, expiresAt }]
        : [{ kind: 'denied', reason: halted }];
    const recorded = await this.ledger.record({
      clientOrderId,
      events,
      occurredAt: this.clock.now(),
      causedBy: null,
    });
    this.waiting.get(instrumentId)?.delete(clientOrderId);
    // Canceled, or released, before.
    if (recorded === null || recorded.applied !== events.length || halted !== null) return;
    const late = this.haltOf(order);
    const heldBack = () => this.haltOf(order);
    if (late === null) return this.placeOrder.place(recorded.tracked, null, { reached: true, heldBack });
    const expired: OrderEvent = { kind: 'expired', reason: late };
    await this.placeOrder.withhold({ clientOrderId, events: [expired], occurredAt: this.clock.now(), causedBy: null });
  }

  /** A halt in between is against new risk; what closes is never held back. */
  private haltOf({ request, createdAt }: Order): Reason | null {
    const word = request.purpose === 'open' ? this.halts.over(request, createdAt) : null;
    if (word === null) return null;
    const text = 'trading was halted before the trigger was reached; nothing was sent';
    return { code: word.state === 'halted' ? 'TRADING_HALTED' : 'TRADING_REDUCING', text };
  }
}
