import { Injectable } from '@nestjs/common';
import type { AccountFlatness, FlatOrder } from '@scalpstorm/contracts';
import type { AccountId, BotId, Order } from '@scalpstorm/model';
import { type ExecutionVenue, VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { heldRows, placedElsewhere, planIdOf, whyWorks } from '../domain/why-open.js';
import { Ledger } from '../ports/ledger.js';
import { Reconciliations } from '../ports/reconciliations.js';
import { AccountDetached, Venues } from '../ports/venues.js';
import { AccountStates, complaintOf } from './account-states.js';
import { CompareOnly } from './compare-only.js';
import { FlattenHeld } from './flatten-held.js';
import { findOurs } from './order-at-venue.js';
import { RunPlans } from './run-plans.js';

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
    private readonly runPlans: RunPlans,
    private readonly flattenHeld: FlattenHeld,
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
    const positions = await this.positionsOf(accountId);
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
      const why = tracked === null ? placedElsewhere : whyWorks(tracked.order);
      const whose = { botId: tracked?.order.request.botId ?? null, planId: planIdOf(clientOrderId), ...why };
      rows.push({ instrumentId, clientOrderId, side, quantity, ...whose, ours: tracked !== null });
    }
    return rows;
  }

  private workingOf(accountId: AccountId): readonly FlatOrder[] {
    return this.ledger.working(accountId).map(({ order }) => rowOf(order));
  }

  private async positionsOf(accountId: AccountId) {
    const plans = await this.runPlans.openOf(accountId);
    return this.ledger
      .positions(accountId)
      .flatMap((position) => heldRows(position, plans, this.flattenHeld.whyHeld(accountId, position.instrumentId)));
  }

  /** What our books say is told all the same: it is where to look. */
  private async unproven(accountId: AccountId, code: string, text: string): Promise<AccountFlatness> {
    if (!this.ledger.isOpen(accountId)) return { accountId, code, text, orders: [], positions: [] };
    return { accountId, code, text, orders: this.workingOf(accountId), positions: await this.positionsOf(accountId) };
  }
}

function rowOf(order: Order): FlatOrder {
  const { instrumentId, clientOrderId, side, quantity, botId } = order.request;
  const whose = { botId, planId: planIdOf(clientOrderId), ...whyWorks(order) };
  return { instrumentId, clientOrderId, side, quantity, ...whose, ours: true };
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
