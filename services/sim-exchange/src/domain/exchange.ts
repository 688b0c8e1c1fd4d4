import { assert } from '@scalpstorm/kernel';
import type { BookEvent, BookOrder, OrderId } from '@scalpstorm/matching';
import { Account, type Credentials } from './account.js';
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

/**
 * The venue's single writer: every order of clients and crowd goes through here, one after the other. Time comes in as an
 * argument (milliseconds); what happened goes out through {@link VenueNews}.
 */
export class Exchange {
  private readonly markets = new Map<string, Market>();
  private readonly accounts = new Map<string, Account>();
  private readonly accountsById = new Map<number, Account>();
  private readonly clientOrders = new Map<OrderId, VenueOrder>();
  private lastOrderId = 0;
  private holdsQuotes = false;

  constructor(
    private readonly news: VenueNews,
    readonly fees: FeeRates = defaultFees,
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
    const account = new Account(firstAccountId + this.accounts.size, credentials);
    this.accounts.set(credentials.apiKey, account);
    this.accountsById.set(account.id, account);
    return account;
  }

  account(apiKey: string): Account | null {
    return this.accounts.get(apiKey) ?? null;
  }

  allAccounts(): readonly Account[] {
    return [...this.accounts.values()];
  }

  nextOrderId(): OrderId {
    this.lastOrderId += 1;
    return this.lastOrderId;
  }

  /** Checks a client's order as the venue would; null when it would be accepted. */
  check(account: Account, wish: NewOrder): VenueError | null {
    return checkOrder(account, wish, bookOrder(wish, this.lastOrderId + 1, account.id));
  }

  /** Places a client's order: checked, funds locked, matched, settled. */
  place(account: Account, wish: NewOrder, now: number): VenueOrder | VenueError {
    const refusal = this.check(account, wish);
    if (refusal !== null) return refusal;
    const order: VenueOrder = {
      ...wish,
      id: this.nextOrderId(),
      accountId: account.id,
      createdAt: now,
      updatedAt: now,
      status: 'NEW',
      executed: 0,
      executedQuote: 0n,
      fills: [],
    };
    const events = wish.market.book.place(bookOrder(wish, order.id, account.id));
    if (events[0]?.kind === 'rejected') return venueErrors.wouldTake();
    account.add(order);
    account.open.set(order.id, order);
    this.clientOrders.set(order.id, order);
    lockFunds(account, order);
    this.settle(wish.market, events, now);
    return order;
  }

  cancel(
    account: Account,
    order: VenueOrder,
    cancel: { readonly cancelId: string; readonly now: number },
  ): VenueOrder | VenueError {
    if (!isOpen(order)) return venueErrors.unknownOrder();
    const events = order.market.book.cancel(order.id);
    assert(events.length === 1, `open order ${order.id} of account ${account.id} does not rest in the book`);
    this.settle(order.market, events, cancel.now, cancel.cancelId);
    return order;
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
    const settled = settleEvents({
      market,
      events,
      now,
      cancelId,
      fees: this.fees,
      orderOf: (id) => this.clientOrders.get(id) ?? null,
      accountOf: (id) => this.accountOf(id),
    });
    for (const item of settled) this.tell(market, item);
    market.hear(events);
    if (!this.holdsQuotes) this.tellQuote(market);
  }

  /** A trade among the crowd that the record tells. */
  print(market: Market, trade: Pick<PublicTrade, 'price' | 'quantity' | 'buyerIsMaker' | 'time'>): void {
    const printed: PublicTrade = { ...trade, id: market.nextTradeId(), buyerOrderId: 0, sellerOrderId: 0 };
    this.tell(market, { kind: 'trade', trade: printed });
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

  private tellQuote(market: Market): void {
    const quote = market.changedQuote();
    if (quote !== null) this.news.quoteChanged(market, quote);
  }

  private tell(market: Market, item: Settled): void {
    switch (item.kind) {
      case 'trade':
        market.record(item.trade);
        this.news.traded(market, item.trade);
        return;
      case 'order':
        if (!isOpen(item.order)) {
          item.account.open.delete(item.order.id);
          this.clientOrders.delete(item.order.id);
        }
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
