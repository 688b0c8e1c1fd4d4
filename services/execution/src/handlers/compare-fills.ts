import { Injectable } from '@nestjs/common';
import type { Difference } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type AccountId, ClientOrderId, type InstrumentId, type TradeId } from '@scalpstorm/model';
import type { ExecutionVenue, VenueFill } from '@scalpstorm/venue-api';
import { type Comparison, isNews, repaired } from '../domain/differences.js';
import type { TrackedOrder } from '../domain/order-row.js';
import { ourFill } from '../domain/venue-events.js';
import { Ledger, type Traded } from '../ports/ledger.js';
import { Reconciliations } from '../ports/reconciliations.js';
import { RefusedFills } from './refused-fills.js';

/** Our clock stamped the order, the venue's clock stamps its fills. */
export const clockMargin = 60 * second;

/** What became of one fill: is it settled for good, and is it worth telling? */
interface Compared {
  readonly settled: boolean;
  readonly difference: Difference | null;
}

const nothing: Compared = { settled: true, difference: null };

/** Reads every fill of the venue from the last settled one on, and books what is missing. */
@Injectable()
export class CompareFills {
  constructor(
    private readonly ledger: Ledger,
    private readonly reconciliations: Reconciliations,
    private readonly refusedFills: RefusedFills,
  ) {}

  async compare(comparison: Comparison, venue: ExecutionVenue): Promise<readonly Difference[]> {
    const traded = await this.ledger.traded(comparison.accountId);
    const differences: Difference[] = [];
    for (const instrument of traded) differences.push(...(await this.compareInstrument(comparison, venue, instrument)));
    return differences;
  }

  private async compareInstrument(
    comparison: Comparison,
    venue: ExecutionVenue,
    { instrumentId, since }: Traded,
  ): Promise<readonly Difference[]> {
    const { accountId } = comparison;
    const mark = await this.reconciliations.fillMark(accountId, instrumentId);
    const from = { since: Timestamp.plus(since, -clockMargin) };
    const fills = await venue.fillsSince(instrumentId, mark === null ? from : { ...from, fromTradeId: mark });
    const differences: Difference[] = [];
    let settledUpTo = mark;
    let gap = false;
    for (const fill of fills) {
      if (fill.tradeId === mark) continue;
      const { settled, difference } = await this.compareFill(comparison, fill);
      if (difference) differences.push(difference);
      // What is not settled is read again by the next run, and everything after it.
      gap ||= !settled;
      if (!gap) settledUpTo = fill.tradeId;
    }
    await this.moveMark(accountId, instrumentId, { from: mark, to: settledUpTo });
    return differences;
  }

  private async moveMark(
    accountId: AccountId,
    instrumentId: InstrumentId,
    { from, to }: { readonly from: TradeId | null; readonly to: TradeId | null },
  ): Promise<void> {
    if (to !== null && to !== from) await this.reconciliations.setFillMark(accountId, instrumentId, to);
  }

  private async compareFill(comparison: Comparison, fill: VenueFill): Promise<Compared> {
    const { accountId, began } = comparison;
    const tracked = await this.orderOf(accountId, fill);
    const subject = `${fill.instrumentId} trade ${fill.tradeId}`;
    if (tracked === null) {
      // Its order may have been sent while this run looked elsewhere; the next run knows.
      if (fill.occurredAt >= began || fill.undecided === true) return { settled: false, difference: null };
      const decision = 'not an order of ours; left alone, the balances tell its effect';
      const theirs = `order ${fill.venueOrderId}`;
      return { settled: true, difference: repaired('fill', accountId, { subject, ours: 'unknown', theirs, decision }) };
    }
    const { clientOrderId } = tracked.order.request;
    const recorded = await this.ledger.record({
      clientOrderId,
      events: [{ kind: 'filled', fill: ourFill(fill, clientOrderId) }],
      occurredAt: fill.occurredAt,
      causedBy: null,
    });
    // Kept in a row of its own, which every comparison tells of; the fills after it are not held up.
    await this.refusedFills.keep(accountId, recorded?.refused ?? []);
    if (recorded === null || recorded.applied === 0 || !isNews(comparison, fill.occurredAt)) return nothing;
    const words = { subject, ours: 'not booked', theirs: clientOrderId, decision: 'booked' };
    return { settled: true, difference: repaired('fill', accountId, words) };
  }

  private async orderOf(accountId: AccountId, fill: VenueFill): Promise<TrackedOrder | null> {
    const named = fill.clientOrderId !== null && ClientOrderId.is(fill.clientOrderId);
    const ours = named ? await this.ledger.find(fill.clientOrderId) : null;
    return ours ?? this.ledger.findByVenueId(accountId, fill);
  }
}
