import type { Timestamp } from '@scalpstorm/kernel';
import type { Fill, Order, VenueId } from '@scalpstorm/model';
import { durationBuckets, type Metrics } from '@scalpstorm/observability';
import type { PlaceOutcome, PlaceRejectionCode } from '@scalpstorm/venue-api';

const outcomes = ['accepted', 'rejected', 'unknown'] as const satisfies readonly PlaceOutcome['kind'][];
/** Approvals that were not acted on; nothing was sent. */
const refusals = [
  'ACCOUNT_NOT_RECONCILED',
  'TRADING_HALTED',
  'TRADING_REDUCING',
  'APPROVAL_EXPIRED',
  'CYCLE_IS_OVER',
  'PLAN_BEHIND_VENUE',
  'NOT_HELD_BY_VENUE',
  'EXCEEDS_POSITION',
] as const;
export type RefusalCode = (typeof refusals)[number];
export const isRefusal = (code: string): code is RefusalCode => refusals.some((known) => known === code);
/** Those that every venue has; the rules of one venue are added when they are met. */
const rejectionCodes: readonly PlaceRejectionCode[] = [
  'INSUFFICIENT_BALANCE',
  'FILTER_FAILURE',
  'ORDER_REJECTED',
  'WOULD_TAKE',
  'AUTH_REFUSED',
  'RATE_LIMITED',
  'VENUE_OVERLOADED',
  'VENUE_CIRCUIT_OPEN',
  'CLOCK_SKEW',
  'REQUEST_EXPIRED',
  'NOT_CONNECTED',
];
/** A resting order is filled when the market comes to it, up to a day later. */
const fillBuckets = [...durationBuckets.filter((bound) => bound >= 0.001), 30, 60, 300, 900, 3_600, 14_400, 86_400];

/** The way of orders through execution, for whoever watches; labelled by venue and code, and never by an id. */
export class OrderMetrics {
  private readonly sendingSeconds;
  private readonly answerSeconds;
  private readonly outcomes;
  private readonly rejects;
  private readonly refusals;
  private readonly fillSeconds;
  private readonly fillReportSeconds;
  private readonly fills;
  private readonly begun = new Set<VenueId>();

  constructor(metrics: Metrics) {
    this.sendingSeconds = metrics.histogram({
      name: 'order_sending_seconds',
      help: 'From the approval, by the clock of the gate, to the committed SENDING mark.',
    });
    const venue = ['venue'] as const;
    this.answerSeconds = metrics.histogram({
      name: 'order_ack_seconds',
      help: 'From the request to the answer of the venue.',
      labels: venue,
    });
    this.outcomes = metrics.counter({
      name: 'orders_total',
      help: 'Placement requests by what became of them.',
      labels: ['venue', 'outcome'],
    });
    this.rejects = metrics.counter({
      name: 'order_rejects_total',
      help: 'Placement requests that the venue rejected, by code. One whose outcome is not known is none of them.',
      labels: ['venue', 'code'],
    });
    this.refusals = metrics.counter({
      name: 'order_refusals_total',
      help: 'Approved orders that were not sent, by code.',
      labels: ['code'],
    });
    this.fillSeconds = metrics.histogram({
      name: 'order_fill_seconds',
      help: 'From an order being stored here to its first fill being booked here.',
      labels: venue,
      buckets: fillBuckets,
    });
    this.fillReportSeconds = metrics.histogram({
      name: 'fill_report_seconds',
      help: 'From a fill at the venue, by its clock, to it being booked here.',
      labels: venue,
    });
    this.fills = metrics.counter({ name: 'fills_total', help: 'Fills booked.', labels: venue });
    for (const code of refusals) this.refusals.inc({ code }, 0);
  }

  /** From the start on: what has not happened at a venue yet is 0, and not unknown. */
  begin(venue: VenueId): void {
    if (this.begun.has(venue)) return;
    this.begun.add(venue);
    for (const outcome of outcomes) this.outcomes.inc({ venue, outcome }, 0);
    for (const code of rejectionCodes) this.rejects.inc({ venue, code }, 0);
    this.fills.inc({ venue }, 0);
    for (const histogram of [this.answerSeconds, this.fillSeconds, this.fillReportSeconds]) histogram.zero({ venue });
  }

  marked(approvedAt: Timestamp, now: Timestamp): void {
    this.sendingSeconds.observe(Math.max(0, now - approvedAt) / 1e6);
  }

  refused(code: RefusalCode): void {
    this.refusals.inc({ code });
  }

  /** @param took microseconds */
  answered(venue: VenueId, outcome: PlaceOutcome, took: number): void {
    this.answerSeconds.observe({ venue }, Math.max(0, took) / 1e6);
    this.outcomes.inc({ venue, outcome: outcome.kind });
    if (outcome.kind === 'rejected') this.rejects.inc({ venue, code: outcome.filter?.code ?? outcome.code });
  }

  /** A fill that was new; `order` is as it was right after, or later. */
  filled(
    venue: VenueId,
    { fill, order }: { fill: Fill; order: Order },
    at: { now: Timestamp; venueNow: Timestamp },
  ): void {
    this.fills.inc({ venue });
    this.fillReportSeconds.observe({ venue }, Math.max(0, at.venueNow - fill.occurredAt) / 1e6);
    if (order.filledQuantity !== fill.quantity) return;
    this.fillSeconds.observe({ venue }, Math.max(0, at.now - order.createdAt) / 1e6);
  }
}
