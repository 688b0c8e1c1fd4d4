import { Injectable } from '@nestjs/common';
import type { Difference } from '@scalpstorm/contracts';
import { awaitsFills } from '@scalpstorm/engine';
import { Timestamp } from '@scalpstorm/kernel';
import type { AccountId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { ExecutionVenue, OpenOrdersQuestion, VenueFill, VenueOrderView } from '@scalpstorm/venue-api';
import { isHeldHere } from '../domain/at-venue.js';
import { balanceDifferences, expectedTotals, totalsOf } from '../domain/balances.js';
import { type Comparison, isNews, unrepaired } from '../domain/differences.js';
import { ambiguityOf, notIdentified, OrderNotIdentified } from '../domain/order-not-identified.js';
import type { TrackedOrder } from '../domain/order-row.js';
import { missingText } from '../domain/venue-events.js';
import { BookedFills } from '../ports/booked-fills.js';
import { Ledger, type Traded } from '../ports/ledger.js';
import { Reconciliations } from '../ports/reconciliations.js';
import { AccountDetached, Venues } from '../ports/venues.js';
import { judge } from './align-order.js';
import { clockMargin } from './compare-fills.js';
import { findOurs, lookUp } from './order-at-venue.js';
import { PlaceOrder } from './place-order.js';

/**
 * Compares an account with its venue and tells what a comparison would do about each difference. Asks, and changes nothing: no order,
 * no fill, no baseline, no mark, no state of the account, and nobody is told but who asked.
 */
@Injectable()
export class CompareOnly {
  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly reconciliations: Reconciliations,
    private readonly bookedFills: BookedFills,
    private readonly placeOrder: PlaceOrder,
    private readonly clock: WallClock,
  ) {}

  /** @throws VenueUnreachable, VenueRefused, AccountDetached when the venue does not answer */
  async compare(accountId: AccountId): Promise<readonly Difference[]> {
    const venue = this.venueOf(accountId);
    const comparison = { accountId, began: await venue.serverTime(), afterGap: false };
    const orders = await this.compareOrders(comparison, venue);
    const fills = await this.compareFills(comparison, venue);
    return [...orders, ...fills, ...(await this.compareBalances(accountId, venue))];
  }

  /** Orders alone, and of those that the venue does not list only their number: one question, for often. */
  async ordersDiffer(accountId: AccountId): Promise<boolean> {
    const venue = this.venueOf(accountId);
    const comparison = { accountId, began: venue.venueTime(), afterGap: false };
    const { differences, unlisted } = await this.compareListed(comparison, venue, { ifSpare: true });
    // What was not answered yet, and an end that waits for its fills, is asked for by itself.
    const absent = unlisted.filter(({ order }) => judge(order, 'not-found').kind === 'conflict' && !awaitsFills(order));
    return absent.length > 0 || differences.some(({ kind, ours }) => kind === 'order' && ours !== unknownHere);
  }

  private venueOf(accountId: AccountId): ExecutionVenue {
    const venue = this.venues.venueOf(accountId);
    if (venue === null) throw new AccountDetached(accountId);
    return venue;
  }

  private async compareOrders(comparison: Comparison, venue: ExecutionVenue): Promise<readonly Difference[]> {
    const { differences, unlisted } = await this.compareListed(comparison, venue);
    const found = [...differences];
    for (const tracked of unlisted) found.push(...(await this.compareUnlisted(comparison, tracked, venue)));
    return found;
  }

  private async compareListed(comparison: Comparison, venue: ExecutionVenue, asked: OpenOrdersQuestion = {}) {
    const { accountId } = comparison;
    const differences: Difference[] = [];
    const listed = new Set<string>();
    for (const view of await venue.openOrders(null, asked)) {
      const tracked = await findOurs(this.ledger, accountId, view);
      if (tracked !== null) listed.add(tracked.order.request.clientOrderId);
      differences.push(...this.differenceOf(comparison, tracked, view));
    }
    const expected = this.ledger.working(accountId).filter(({ order }) => !isHeldHere(order));
    const unlisted = expected.filter(
      ({ order }) => !listed.has(order.request.clientOrderId) && this.isSettled(comparison, order.updatedAt),
    );
    return { differences, unlisted };
  }

  private async compareUnlisted(
    comparison: Comparison,
    tracked: TrackedOrder,
    venue: ExecutionVenue,
  ): Promise<readonly Difference[]> {
    const { order } = tracked;
    const view = await lookUp(venue, order).catch(notIdentified);
    if (view instanceof OrderNotIdentified) {
      const words = ambiguityOf(order, view);
      return words === null ? [] : [would('order', comparison, words)];
    }
    if (view !== 'not-found') return this.differenceOf(comparison, tracked, view);
    if (judge(order, 'not-found').kind !== 'conflict') return [];
    const decision = awaitsFills(order)
      ? 'FILLS_AWAITED: it would stay pending until its fills are booked'
      : 'it would be closed as canceled';
    const subject = `${order.request.instrumentId} order ${order.request.clientOrderId}`;
    return [would('order', comparison, { subject, ours: order.status, theirs: 'not found', decision })];
  }

  /** What was heard or sent just now is on its way, and no difference. */
  private isSettled({ began }: Comparison, updatedAt: Timestamp): boolean {
    return Math.min(this.clock.now(), began) - updatedAt > this.venues.readLag;
  }

  private differenceOf(
    comparison: Comparison,
    tracked: TrackedOrder | null,
    view: VenueOrderView,
  ): readonly Difference[] {
    const subject = `${view.instrumentId} order ${view.clientOrderId}`;
    if (tracked === null) {
      const decision = 'not an order of ours; it would be left alone and listed as an external order';
      return [would('order', comparison, { subject, ours: unknownHere, theirs: view.status, decision })];
    }
    const { order } = tracked;
    if (this.placeOrder.isInFlight(order.request.clientOrderId) || !isNews(comparison, view.updatedAt)) return [];
    const judged = judge(order, view);
    if (judged.kind === 'conflict') {
      if (!this.isSettled(comparison, order.updatedAt)) return [];
      const decision = `${judged.code}: the account would open nothing until a person has looked`;
      return [would('order', comparison, { subject, ours: judged.ours, theirs: judged.theirs, decision })];
    }
    if (judged.kind !== 'aligned' || (judged.events.length === 0 && judged.missing === 0n)) return [];
    const ours = judged.missing > 0n ? missingText(order, view) : order.status;
    const decision = judged.missing > 0n ? 'its fills would be asked for' : 'it would be taken over from the venue';
    return [would('order', comparison, { subject, ours, theirs: view.status, decision })];
  }

  private async compareFills(comparison: Comparison, venue: ExecutionVenue): Promise<readonly Difference[]> {
    const differences: Difference[] = [];
    for (const traded of await this.ledger.traded(comparison.accountId)) {
      const fills = (await this.fillsOf(comparison, traded, venue)).filter((fill) =>
        isNews(comparison, fill.occurredAt),
      );
      const ids = fills.map(({ tradeId }) => tradeId);
      const booked = await this.bookedFills.among(comparison.accountId, traded.instrumentId, ids);
      for (const fill of fills.filter(({ tradeId }) => !booked.has(tradeId)))
        differences.push(await this.compareFill(comparison, fill));
    }
    return differences;
  }

  private async fillsOf({ accountId }: Comparison, { instrumentId, since }: Traded, venue: ExecutionVenue) {
    const mark = await this.reconciliations.fillMark(accountId, instrumentId);
    const from = { since: Timestamp.plus(since, -clockMargin) };
    const fills = await venue.fillsSince(instrumentId, mark === null ? from : { ...from, fromTradeId: mark });
    return fills.filter(({ tradeId }) => tradeId !== mark);
  }

  private async compareFill(comparison: Comparison, fill: VenueFill): Promise<Difference> {
    const tracked = await this.ledger.findByVenueId(comparison.accountId, fill);
    const subject = `${fill.instrumentId} trade ${fill.tradeId}`;
    if (tracked === null) {
      const theirs = `order ${fill.venueOrderId}`;
      return would('fill', comparison, { subject, ours: unknownHere, theirs, decision: 'it would be left alone' });
    }
    const theirs = tracked.order.request.clientOrderId;
    return would('fill', comparison, { subject, ours: 'not booked', theirs, decision: 'it would be booked' });
  }

  /** Empty also while something is filled: nobody can tell then. */
  async compareBalances(accountId: AccountId, venue: ExecutionVenue): Promise<readonly Difference[]> {
    const baseline = await this.reconciliations.baseline(accountId);
    if (baseline === null) return [];
    const before = await this.ledger.cashFlow(accountId);
    const balances = await venue.balances();
    const after = await this.ledger.cashFlow(accountId);
    // Something was filled meanwhile: nobody can tell which of the two the venue has counted.
    if ([...after].some(([currency, amount]) => before.get(currency) !== amount)) return [];
    const account = this.venues.accounts().find(({ id }) => id === accountId);
    const found = balanceDifferences(
      accountId,
      expectedTotals(baseline, after),
      totalsOf(balances),
      account?.mode !== 'demo',
    );
    return found.map((difference) => ({ ...difference, repaired: false }));
  }
}

const unknownHere = 'unknown';

const would = (
  kind: Difference['kind'],
  { accountId }: Comparison,
  words: Omit<Difference, 'kind' | 'accountId' | 'repaired'>,
): Difference => unrepaired(kind, accountId, words);
