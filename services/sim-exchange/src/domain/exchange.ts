import { assert } from '@scalpstorm/kernel';
import type { BookEvent, BookOrder, OrderId } from '@scalpstorm/matching';
import { Account, type Credentials } from './account.js';
import { defaultFees, type Fees } from './fees.js';
import { checkOrder, filterRefusal } from './filters.js';
import { ForgetfulJournal, type Journal } from './journal.js';
import type { Market, PublicTrade } from './market.js';
import { tickLotAmount } from './market-spec.js';
import { bookOrder, newVenueOrder } from './order-making.js';
import { executesAs } from './order-type.js';
import { Publication } from './publication.js';
import { lockFunds, type Settled, settleEvents, unlockFunds } from './settlement.js';
import { type VenueError, venueErrors } from './venue-error.js';
import type { VenueNews } from './venue-news.js';
import { isOpen, type NewOrder, type VenueOrder } from './venue-order.js';

/** Ids above this belong to client accounts; the crowd's orders have no account. */
export const crowdOwner = 1;
const firstAccountId = 100;
const crowdIdBase = 2 ** 52;

/**
 * The venue's single writer: every order of clients and crowd goes through here, one after the other. Time comes in as an
 * argument (milliseconds); what happened is written to the journal first and then goes out through {@link VenueNews}.
 */
export class Exchange {
  private readonly markets = new Map<string, Market>();
  private readonly accounts = new Map<string, Account>();
  private readonly accountsById = new Map<number, Account>();
  private readonly clientOrders = new Map<OrderId, VenueOrder>();
  private readonly publication: Publication;
  private readonly heard: { readonly market: Market; readonly trade: PublicTrade }[] = [];
  private isFiring = false;
  private lastCrowdId = crowdIdBase;

  constructor(
    news: VenueNews,
    readonly fees: Fees = defaultFees,
    journal: Journal = new ForgetfulJournal(),
    /** Client orders have higher ids. */
    private lastOrderId = 0,
  ) {
    this.publication = new Publication(news, journal);
  }

  addMarket(market: Market): void {
    this.markets.set(market.spec.wireSymbol, market);
  }

  market(wireSymbol: string): Market | null {
    return this.markets.get(wireSymbol) ?? null;
  }

  allMarkets(): readonly Market[] {
    return [...this.markets.values()];
  }

  openAccount(credentials: Credentials): Account {
    return this.atomically(() => {
      const id = Math.max(firstAccountId - 1, ...this.accountsById.keys()) + 1;
      const account = this.restoreAccount(id, credentials);
      this.publication.changes.openedAccounts.add(account);
      return account;
    });
  }

  /** An account of an earlier life. Only an own key opens it; without one its orders still rest. */
  restoreAccount(id: number, credentials: Credentials, isOpen = true): Account {
    const account = new Account(id, credentials, this.publication.changes);
    if (isOpen) this.accounts.set(credentials.apiKey, account);
    this.accountsById.set(id, account);
    return account;
  }

  account(apiKey: string): Account | null {
    return this.accounts.get(apiKey) ?? null;
  }

  allAccounts(): readonly Account[] {
    return [...this.accountsById.values()];
  }

  /** Ids of the crowd are out of the way of those that clients see. */
  nextCrowdId(): OrderId {
    this.lastCrowdId += 1;
    return this.lastCrowdId;
  }

  /** Checks a client's order as the venue would; null when it would be accepted. */
  check(account: Account, wish: NewOrder, now: number): VenueError | null {
    return checkOrder({ account, wish, now, entry: bookOrder(wish, this.lastOrderId + 1, account.id) });
  }

  /** Only what needs neither money nor luck: the venue checks it before it looks at anything else. */
  checkFilters(account: Account, wish: NewOrder, now: number): VenueError | null {
    return filterRefusal({ account, wish, now, entry: bookOrder(wish, this.lastOrderId + 1, account.id) });
  }

  /** Places a client's order: checked, funds locked, matched, settled. */
  place(account: Account, wish: NewOrder, now: number): VenueOrder | VenueError {
    return this.atomically(() => {
      const refusal = this.check(account, wish, now);
      if (refusal !== null) return refusal;
      this.lastOrderId += 1;
      const order = newVenueOrder(wish, { id: this.lastOrderId, accountId: account.id, now });
      if (order.workingAt === null) return this.letWait(account, order);
      const events = wish.market.book.place(bookOrder(wish, order.id, account.id));
      if (events[0]?.kind === 'rejected') return venueErrors.wouldTake();
      this.keep(account, order);
      lockFunds(account, order);
      this.settle(wish.market, events, now);
      return order;
    });
  }

  cancel(
    account: Account,
    order: VenueOrder,
    cancel: { readonly cancelId: string; readonly now: number },
  ): VenueOrder | VenueError {
    if (!isOpen(order)) return venueErrors.unknownOrder();
    return this.atomically(() => {
      const quantity = order.quantity - order.executed;
      const waits = order.market.waiting.delete(order);
      const events = waits
        ? [{ kind: 'canceled', id: order.id, quantity } as const]
        : order.market.book.cancel(order.id);
      assert(events.length === 1, `open order ${order.id} of account ${account.id} does not rest in the book`);
      this.settle(order.market, events, cancel.now, cancel.cancelId);
      return order;
    });
  }

  /** An order of an earlier life, told to nobody; an open one is {@link restToBook put back} later, when all are known. */
  restoreOrder(account: Account, order: VenueOrder): void {
    account.add(order);
    this.lastOrderId = Math.max(this.lastOrderId, order.id, order.priority);
    if (!isOpen(order)) return;
    account.open.set(order.id, order);
    this.clientOrders.set(order.id, order);
    if (order.workingAt === null) order.market.waiting.add(order);
  }

  /** Puts an open order of an earlier life back into the book, the one with the lowest priority first. */
  restToBook(order: VenueOrder, now: number): void {
    const { market, id, accountId, side, price, quantity, selfTradePrevention } = order;
    const resting = { id, owner: accountId, side, price, quantity, selfTradePrevention } as const;
    const left = quantity - order.executed;
    this.settle(market, market.book.restore({ ...resting, type: 'limit', timeInForce: 'GTC' }, left), now);
  }

  /** An order of the crowd: it needs no account and no funds. */
  placeForCrowd(market: Market, order: BookOrder, now: number): readonly BookEvent[] {
    const events = market.book.place(order);
    this.settle(market, events, now);
    return events;
  }

  cancelForCrowd(market: Market, id: OrderId, now: number): void {
    this.settle(market, market.book.cancel(id), now);
  }

  /** Books what a market did by itself (a recorded trade that met a client's order, for one). */
  settle(market: Market, events: readonly BookEvent[], now: number, cancelId = ''): void {
    this.atomically(() => {
      const settled = settleEvents({
        market,
        events,
        now,
        cancelId,
        fees: this.fees,
        feePriceIn: (quote) => this.feePriceIn(quote),
        orderOf: (id) => this.clientOrders.get(id) ?? null,
        accountOf: (id) => this.accountOf(id),
        changes: this.publication.changes,
      });
      this.publication.move(market);
      for (const item of settled) this.note(market, item);
      market.hear(events);
      this.fire();
    });
  }

  /** A trade among the crowd that the record tells. */
  print(market: Market, trade: Pick<PublicTrade, 'price' | 'quantity' | 'buyerIsMaker' | 'time'>): void {
    const printed: PublicTrade = { ...trade, id: market.nextTradeId(), buyerOrderId: 0, sellerOrderId: 0 };
    this.atomically(() => {
      this.note(market, { kind: 'trade', trade: printed });
      this.fire();
    });
  }

  /** Many changes that the world sees as one: the best quote is told after the last of them. */
  asOne(market: Market, changes: () => void): void {
    this.publication.asOne(market, changes);
  }

  /** All that happens inside is durable as one before any of it is told. */
  atomically<Result>(work: () => Result): Result {
    return this.publication.atomically(work);
  }

  /** Closes the candles that are over; they are written before anybody is told that they are closed. */
  rollCandles(now: number): void {
    const closed = [...this.markets.values()].filter((market) => market.candles.roll(now));
    if (closed.length > 0) this.saveMarkets();
  }

  /** Notes where the markets stand; prices of the crowd are not worth a write each. */
  saveMarkets(): void {
    this.atomically(() => {
      for (const market of this.markets.values()) {
        market.reserveTradeIds();
        this.publication.changes.markets.add(market);
        if (market.beginning !== null) this.publication.changes.candles.add(market);
      }
    });
  }

  private keep(account: Account, order: VenueOrder): void {
    account.add(order);
    account.open.set(order.id, order);
    this.clientOrders.set(order.id, order);
    this.publication.changes.orders.add(order);
  }

  private letWait(account: Account, order: VenueOrder): VenueOrder {
    const { market } = order;
    this.keep(account, order);
    lockFunds(account, order);
    market.waiting.add(order);
    this.note(market, { kind: 'order', account, order, change: { kind: 'accepted' } });
    this.note(market, { kind: 'balances', account, assets: [market.spec.base, market.spec.quote] });
    return order;
  }

  /** Sets off what the trades reached. What these orders trade themselves is heard in its turn. */
  private fire(): void {
    if (this.isFiring) return;
    this.isFiring = true;
    for (let next = this.heard.shift(); next !== undefined; next = this.heard.shift()) {
      const { market, trade } = next;
      const onFollowed = (id: OrderId): void => void this.publication.changes.orders.add(this.clientOrder(id));
      for (const id of market.waiting.hear(trade.price, trade.time, onFollowed))
        this.trigger(this.clientOrder(id), trade.time);
    }
    this.isFiring = false;
  }

  private trigger(order: VenueOrder, now: number): void {
    const { market } = order;
    const account = this.accountOf(order.accountId);
    this.lastOrderId += 1;
    order.priority = this.lastOrderId;
    order.workingAt = order.updatedAt = now;
    this.publication.changes.orders.add(order);
    this.note(market, { kind: 'order', account, order, change: { kind: 'triggered' } });
    const entry = bookOrder(order, order.id, account.id);
    if (executesAs(order.type) === 'market') {
      unlockFunds(account, order);
      // It may cost more than it held while it waited; what the account cannot pay for is not bought.
      const cost = order.side === 'buy' ? market.book.estimate(entry).quote * tickLotAmount(market.spec) : 0n;
      if (account.balance(market.spec.quote).free < cost) {
        this.settle(market, [{ kind: 'expired', id: order.id, quantity: order.quantity, reason: 'UNFILLED' }], now);
        return;
      }
    }
    const events = market.book.place(entry).filter(({ kind }) => kind !== 'accepted');
    this.settle(market, events, now);
  }

  private note(market: Market, item: Settled): void {
    this.publication.add(market, item);
    if (item.kind === 'trade') {
      market.record(item.trade);
      if (market.waiting.size > 0) this.heard.push({ market, trade: item.trade });
      const isOfClient = item.trade.buyerOrderId !== 0 || item.trade.sellerOrderId !== 0;
      if (market.reserveTradeIds() || isOfClient) this.publication.changes.markets.add(market);
    }
    if (item.kind === 'order' && !isOpen(item.order)) {
      item.account.close(item.order);
      this.clientOrders.delete(item.order.id);
    }
  }

  /** The last price of the fee asset's own market, else the fixed one. */
  private feePriceIn(quote: string): bigint | null {
    const { asset } = this.fees;
    if (asset === null) return null;
    const market = this.markets.get(`${asset.name}${quote}`);
    if (market === undefined || market.lastPrice === null) return asset.fixedPrice;
    return BigInt(market.lastPrice) * BigInt(market.spec.tickUnits);
  }

  private clientOrder(id: OrderId): VenueOrder {
    const order = this.clientOrders.get(id);
    assert(order !== undefined, `no open order ${id}`);
    return order;
  }

  private accountOf(id: number): Account {
    const account = this.accountsById.get(id);
    assert(account !== undefined, `no account ${id}`);
    return account;
  }
}
