import { assert } from '@scalpstorm/kernel';
import type { BookEvent, BookOrder, OrderId } from '@scalpstorm/matching';
import { ForgetfulJournal, type Journal } from '../ports/journal.js';
import { Account, type Credentials } from './account.js';
import { Changes } from './changes.js';
import { defaultFees, type FeeRates } from './fees.js';
import { checkOrder } from './filters.js';
import type { Market, PublicTrade } from './market.js';
import { tickLotAmount } from './market-spec.js';
import { lockFunds, type Settled, settleEvents } from './settlement.js';
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
  private readonly changes = new Changes();
  private untold: { readonly market: Market; readonly item: Settled }[] = [];
  private readonly moved = new Set<Market>();
  private depth = 0;
  private lastCrowdId = crowdIdBase;
  private holdsQuotes = false;

  constructor(
    private readonly news: VenueNews,
    readonly fees: FeeRates = defaultFees,
    private readonly journal: Journal = new ForgetfulJournal(),
    /** Client orders have higher ids. */
    private lastOrderId = 0,
  ) {}

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
      this.changes.openedAccounts.add(account);
      return account;
    });
  }

  /** An account of an earlier life. Only an own key opens it; without one its orders still rest. */
  restoreAccount(id: number, credentials: Credentials, isOpen = true): Account {
    const account = new Account(id, credentials, this.changes);
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
  check(account: Account, wish: NewOrder): VenueError | null {
    return checkOrder(account, wish, bookOrder(wish, this.lastOrderId + 1, account.id));
  }

  /** Places a client's order: checked, funds locked, matched, settled. */
  place(account: Account, wish: NewOrder, now: number): VenueOrder | VenueError {
    return this.atomically(() => {
      const refusal = this.check(account, wish);
      if (refusal !== null) return refusal;
      this.lastOrderId += 1;
      const order = newVenueOrder(wish, { id: this.lastOrderId, accountId: account.id, now });
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
      const events = order.market.book.cancel(order.id);
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
        orderOf: (id) => this.clientOrders.get(id) ?? null,
        accountOf: (id) => this.accountOf(id),
        changes: this.changes,
      });
      this.moved.add(market);
      for (const item of settled) this.note(market, item);
      market.hear(events);
    });
  }

  /** A trade among the crowd that the record tells. */
  print(market: Market, trade: Pick<PublicTrade, 'price' | 'quantity' | 'buyerIsMaker' | 'time'>): void {
    const printed: PublicTrade = { ...trade, id: market.nextTradeId(), buyerOrderId: 0, sellerOrderId: 0 };
    this.atomically(() => this.note(market, { kind: 'trade', trade: printed }));
  }

  /** Many changes that the world sees as one: the best quote is told after the last of them. */
  asOne(market: Market, changes: () => void): void {
    const wasHolding = this.holdsQuotes;
    this.holdsQuotes = true;
    try {
      changes();
    } finally {
      this.holdsQuotes = wasHolding;
    }
    if (!wasHolding) this.tellQuote(market);
  }

  /** All that happens inside is written down as one, and then told. After an exception nothing is: the process must end. */
  atomically<Result>(work: () => Result): Result {
    this.depth += 1;
    const result = work();
    this.depth -= 1;
    if (this.depth === 0) this.publish();
    return result;
  }

  /** Notes where the markets stand; prices of the crowd are not worth a write each. */
  saveMarkets(): void {
    this.atomically(() => {
      for (const market of this.markets.values()) {
        market.reserveTradeIds();
        this.changes.markets.add(market);
      }
    });
  }

  private publish(): void {
    if (!this.changes.isEmpty) {
      this.journal.write(this.changes);
      this.changes.clear();
    }
    const { untold } = this;
    if (untold.length > 0) this.untold = [];
    for (const { market, item } of untold) this.tell(market, item);
    if (!this.holdsQuotes) for (const market of this.moved) this.tellQuote(market);
    this.moved.clear();
  }

  private keep(account: Account, order: VenueOrder): void {
    account.add(order);
    account.open.set(order.id, order);
    this.clientOrders.set(order.id, order);
    this.changes.orders.add(order);
  }

  private note(market: Market, item: Settled): void {
    this.untold.push({ market, item });
    if (item.kind === 'trade') {
      market.record(item.trade);
      const isOfClient = item.trade.buyerOrderId !== 0 || item.trade.sellerOrderId !== 0;
      if (market.reserveTradeIds() || isOfClient) this.changes.markets.add(market);
    }
    if (item.kind === 'order' && !isOpen(item.order)) {
      item.account.open.delete(item.order.id);
      this.clientOrders.delete(item.order.id);
    }
  }

  private tellQuote(market: Market): void {
    const quote = market.changedQuote();
    if (quote !== null) this.news.quoteChanged(market, quote);
  }

  private tell(market: Market, item: Settled): void {
    switch (item.kind) {
      case 'trade':
        this.news.traded(market, item.trade);
        return;
      case 'order':
        this.news.orderChanged(item.account, item.order, item.change);
        return;
      case 'balances':
        this.news.balancesChanged(item.account, item.assets);
    }
  }

  private accountOf(id: number): Account {
    const account = this.accountsById.get(id);
    assert(account !== undefined, `no account ${id}`);
    return account;
  }
}

function newVenueOrder(
  wish: NewOrder,
  { id, accountId, now }: { readonly id: OrderId; readonly accountId: number; readonly now: number },
): VenueOrder {
  return {
    ...wish,
    id,
    accountId,
    createdAt: now,
    updatedAt: now,
    workingAt: now,
    priority: id,
    lockPrice: wish.price,
    trackedPrice: 0,
    trackedAt: 0,
    status: 'NEW',
    executed: 0,
    executedQuote: 0n,
    fills: [],
  };
}

export function bookOrder(wish: NewOrder, id: OrderId, owner: number): BookOrder {
  const { side, price, quantity, timeInForce, selfTradePrevention } = wish;
  const identity = { id, owner, side, selfTradePrevention };
  if (wish.type === 'LIMIT') return { ...identity, type: 'limit', price, quantity, timeInForce };
  if (wish.type === 'LIMIT_MAKER') return { ...identity, type: 'limit-maker', price, quantity };
  if (wish.quoteQuantity === 0n) return { ...identity, type: 'market', quantity };
  return {
    ...identity,
    type: 'market-by-quote',
    quoteAmount: Number(wish.quoteQuantity / tickLotAmount(wish.market.spec)),
  };
}
