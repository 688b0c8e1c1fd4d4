import { Injectable } from '@nestjs/common';
import type { AccountFlatness, FlatOrder } from '@scalpstorm/contracts';
import { type AccountId, type BotId, Quantity } from '@scalpstorm/model';
import { type ExecutionVenue, VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { Ledger } from '../ports/ledger.js';
import { Reconciliations } from '../ports/reconciliations.js';
import { AccountDetached, Venues } from '../ports/venues.js';
import { AccountStates, complaintOf } from './account-states.js';
import { CompareOnly } from './compare-only.js';
import { findOurs } from './order-at-venue.js';

/**
 * Is anything open at an account? The venue's list of open orders and our own are taken together, because either may be a moment behind; a
 * position counts as long as the venue's balances agree with all fills that are booked. What can not be asked, or does not agree, is not proved,
 * and is never called flat. Asks, and changes nothing. Whoever asks while it is being asked gets the same answer.
 */
@Injectable()
export class ProveFlat {
  private readonly underWay = new Map<AccountId, Promise<AccountFlatness>>();

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly reconciliations: Reconciliations,
    private readonly states: AccountStates,
    private readonly compareOnly: CompareOnly,
  ) {}

  /** @param botId only what this bot has; null: everything */
  async prove(accountId: AccountId, botId: BotId | null): Promise<AccountFlatness> {
    const known = this.underWay.get(accountId) ?? this.begin(accountId);
    const found = await known;
    if (botId === null) return found;
    const its = (row: { readonly botId: BotId | null }) => row.botId === botId;
    return { ...found, orders: found.orders.filter(its), positions: found.positions.filter(its) };
  }

  private begin(accountId: AccountId): Promise<AccountFlatness> {
    const asked = this.ask(accountId).finally(() => this.underWay.delete(accountId));
    this.underWay.set(accountId, asked);
    return asked;
  }

  private async ask(accountId: AccountId): Promise<AccountFlatness> {
    const venue = this.venues.venueOf(accountId);
    if (venue === null) return this.unproven(accountId, 'ACCOUNT_NOT_CONNECTED', 'it has no connection to its venue');
    const state = this.states.of(accountId);
    const code = 'code' in state ? state.code : 'ACCOUNT_RECOVERING';
    if (state.kind !== 'trading') return this.unproven(accountId, code, complaintOf(state) ?? '');
    try {
      return await this.compare(accountId, venue);
    } catch (error) {
      const weather = weatherOf(error);
      if (weather === null) throw error;
      return this.unproven(accountId, weather, String(error));
    }
  }

  private async compare(accountId: AccountId, venue: ExecutionVenue): Promise<AccountFlatness> {
    if ((await this.reconciliations.baseline(accountId)) === null) {
      return this.unproven(accountId, 'ACCOUNT_RECOVERING', 'its balances were not compared yet');
    }
    const before = await this.ledger.cashFlow(accountId);
    const ours = this.workingOf(accountId);
    const listed = await this.listedOf(accountId, venue);
    const differences = await this.compareOnly.compareBalances(accountId, venue);
    const after = await this.ledger.cashFlow(accountId);
    const found = { accountId, orders: together([...ours, ...this.workingOf(accountId)], listed) };
    const positions = this.positionsOf(accountId);
    if (before.size !== after.size || [...after].some(([currency, amount]) => before.get(currency) !== amount)) {
      return { ...found, positions, code: 'FILLS_CAME_MEANWHILE', text: 'something was filled while it was asked' };
    }
    const [difference] = differences;
    if (difference === undefined) return { ...found, positions, code: '', text: '' };
    const { subject, ours: booked, theirs } = difference;
    const text = `${subject}: ${booked} by our books, ${theirs} at the venue`;
    return { ...found, positions, code: 'BALANCES_DIFFER', text };
  }

  private async listedOf(accountId: AccountId, venue: ExecutionVenue): Promise<readonly FlatOrder[]> {
    const rows: FlatOrder[] = [];
    for (const view of await venue.openOrders(null)) {
      const tracked = await findOurs(this.ledger, accountId, view);
      const { instrumentId, side, quantity } = view;
      const clientOrderId = tracked?.order.request.clientOrderId ?? view.clientOrderId;
      const botId = tracked?.order.request.botId ?? null;
      rows.push({ instrumentId, clientOrderId, side, quantity, botId, ours: tracked !== null });
    }
    return rows;
  }

  private workingOf(accountId: AccountId): readonly FlatOrder[] {
    return this.ledger.working(accountId).map(({ order: { request } }) => {
      const { instrumentId, clientOrderId, side, quantity, botId } = request;
      return { instrumentId, clientOrderId, side, quantity, botId, ours: true };
    });
  }

  private positionsOf(accountId: AccountId) {
    return this.ledger
      .positions(accountId)
      .filter(({ quantity }) => quantity !== Quantity.zero)
      .map(({ instrumentId, botId, quantity }) => ({ instrumentId, botId, quantity }));
  }

  /** What our books say is told all the same: it is where to look. */
  private unproven(accountId: AccountId, code: string, text: string): AccountFlatness {
    if (!this.ledger.isOpen(accountId)) return { accountId, code, text, orders: [], positions: [] };
    return { accountId, code, text, orders: this.workingOf(accountId), positions: this.positionsOf(accountId) };
  }
}

/** Each once, by the id under which it was placed. */
const together = (ours: readonly FlatOrder[], listed: readonly FlatOrder[]): readonly FlatOrder[] => [
  ...new Map([...listed, ...ours].map((order) => [`${order.instrumentId} ${order.clientOrderId}`, order])).values(),
];

/** Why the venue could not be asked at this moment; null when it was something else. */
function weatherOf(error: unknown): string | null {
  if (error instanceof VenueUnreachable || error instanceof VenueRefused) return error.code;
  return error instanceof AccountDetached ? 'ACCOUNT_NOT_CONNECTED' : null;
}
