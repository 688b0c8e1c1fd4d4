import { assert } from '@scalpstorm/kernel';
import type { OrderId } from '@scalpstorm/matching';
import type { Amount } from './amounts.js';
import { BoundedList } from './bounded-list.js';
import type { VenueFill, VenueOrder } from './venue-order.js';

export interface Balance {
  free: Amount;
  locked: Amount;
}

export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
}

/** Who must know what changed, until it is written down. */
export interface AccountNotes {
  balance(account: Account, asset: string): void;
  readonly forgottenOrders: VenueOrder[];
  readonly forgottenFills: VenueFill[];
}

/** Older finished orders are forgotten first. */
const ordersMax = 200_000;
const fillsMax = 200_000;

/** A client of the venue: balances, orders and fills. Amounts never go below zero: that would be our bug. */
export class Account {
  readonly balances = new Map<string, Balance>();
  readonly open = new Map<OrderId, VenueOrder>();
  readonly fills = new BoundedList<VenueFill>(fillsMax, (fill) => this.notes.forgottenFills.push(fill));
  private readonly orders = new BoundedList<VenueOrder>(ordersMax, (order) => this.forget(order));
  /** Open orders that are too old for the list: forgotten as soon as they end. */
  private readonly overdue = new Set<VenueOrder>();
  private readonly byId = new Map<OrderId, VenueOrder>();
  private readonly byClientId = new Map<string, VenueOrder[]>();

  constructor(
    readonly id: number,
    readonly credentials: Credentials,
    private readonly notes: AccountNotes,
  ) {}

  balance(asset: string): Balance {
    let balance = this.balances.get(asset);
    if (balance === undefined) {
      balance = { free: 0n, locked: 0n };
      this.balances.set(asset, balance);
    }
    return balance;
  }

  deposit(asset: string, amount: Amount): void {
    this.balance(asset).free += amount;
    this.notes.balance(this, asset);
  }

  /** Adds to both halves of a balance at once. */
  change(asset: string, free: Amount, locked: Amount): void {
    const balance = this.balance(asset);
    balance.free += free;
    balance.locked += locked;
    this.notes.balance(this, asset);
    assert(balance.free >= 0n && balance.locked >= 0n, `balance of ${asset} fell below zero`);
  }

  add(order: VenueOrder): void {
    this.orders.add(order);
    this.byId.set(order.id, order);
    const sameId = this.byClientId.get(order.clientOrderId);
    if (sameId === undefined) this.byClientId.set(order.clientOrderId, [order]);
    else sameId.push(order);
  }

  order(id: OrderId): VenueOrder | null {
    return this.byId.get(id) ?? null;
  }

  /** Every order that ever had this client id, oldest first: the venue allows it again once the earlier one is finished. */
  ordersWith(clientOrderId: string): readonly VenueOrder[] {
    return this.byClientId.get(clientOrderId) ?? [];
  }

  allOrders(): readonly VenueOrder[] {
    return this.orders.all();
  }

  /** An order that ended. */
  close(order: VenueOrder): void {
    this.open.delete(order.id);
    if (this.overdue.delete(order)) this.forget(order);
  }

  private forget(order: VenueOrder): void {
    if (this.open.has(order.id)) {
      this.overdue.add(order);
      return;
    }
    this.notes.forgottenOrders.push(order);
    this.byId.delete(order.id);
    const left = this.ordersWith(order.clientOrderId).filter((other) => other.id !== order.id);
    if (left.length === 0) this.byClientId.delete(order.clientOrderId);
    else this.byClientId.set(order.clientOrderId, left);
  }
}
