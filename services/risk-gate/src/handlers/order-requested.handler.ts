import { Controller, Optional } from '@nestjs/common';
import { done, Hears, type Outcome, retry } from '@scalpstorm/bus';
import { type OrderRequested, orderRequested } from '@scalpstorm/contracts';
import { checks } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import { annotate, Log, Metrics, WallClock } from '@scalpstorm/observability';
import { GateLease } from '../ports/gate-lease.js';
import { Instruments } from '../ports/standing-source.js';
import { type Verdict, Verdicts } from '../ports/verdicts.js';
import { Gate } from './gate.js';
import { Patience } from './patience.js';
import { WatchOrders } from './watch-orders.js';

/** An approval has no code. */
const approvedCode = 'NONE';

/**
 * A bot may hear of its fill a moment before the gate does, and closes at once. That a close is too much is said only when nothing
 * that is heard in this time makes room for it.
 */
const hearingOutMs = 1_000;

const notOurs = retry('the lease of the gate is not held');

/** A request in, exactly one verdict out, however often it is asked or delivered. */
@Controller()
export class OrderRequestedHandler {
  private readonly decided;
  private readonly decisionSeconds;
  private readonly verdictSeconds;
  private readonly listing: Patience;

  constructor(
    private readonly gate: Gate,
    private readonly verdicts: Verdicts,
    private readonly instruments: Instruments,
    private readonly lease: GateLease,
    private readonly clock: WallClock,
    private readonly log: Log,
    metrics: Metrics,
    @Optional() private readonly watch?: WatchOrders,
  ) {
    this.listing = new Patience(log, 'an instrument could not be asked for');
    this.decided = metrics.counter({
      name: 'risk_verdicts_total',
      help: 'Verdicts by kind and code.',
      labels: ['kind', 'code'],
    });
    // From the start on: a code that was never said is 0, and not unknown.
    this.decided.inc({ kind: 'approved', code: approvedCode }, 0);
    for (const { code } of checks.flatMap(({ refusals }) => refusals)) this.decided.inc({ kind: 'denied', code }, 0);
    metrics.gauge({
      name: 'risk_uncounted_accounts',
      help: 'Accounts that open nothing because something on them is not listed by market-data, or has no price.',
      labels: ['why'],
      collect: (gauge) => {
        gauge.set({ why: 'unlisted' }, this.gate.leftOut.size);
        gauge.set({ why: 'unpriced' }, this.gate.unpriced.length);
      },
    });
    this.decisionSeconds = metrics.histogram({ name: 'risk_decision_seconds', help: 'Judging one request.' });
    this.verdictSeconds = metrics.histogram({
      name: 'risk_verdict_seconds',
      help: 'From the request, by the clock of who asked, to its verdict being told.',
      labels: ['kind'],
    });
    for (const kind of ['approved', 'denied']) this.verdictSeconds.zero({ kind });
  }

  @Hears(orderRequested, { keyOf: (event) => event.order.clientOrderId })
  async handle({ meta, order, ask, validUntil }: OrderRequested): Promise<Outcome> {
    await this.knowInstrument(order);
    const telling = { causedBy: meta.eventId, ask };
    const given = await this.verdicts.find(order.clientOrderId, ask);
    if (given !== null && given.toldAt !== null) {
      await this.verdicts.tellAgain(order, given, telling);
      return done;
    }
    // Another gate may judge by now. No waiting stands between this and the judgement.
    if (!this.lease.isHeld) return notOurs;
    const verdict = given?.verdict ?? (await this.judge(order, validUntil ?? null));
    if (verdict === null) return notOurs;
    const standing = await this.verdicts.tell(order, verdict, telling);
    if (standing !== verdict) this.giveWay(order, standing);
    this.verdictSeconds.observe({ kind: verdict.kind }, Math.max(0, this.clock.now() - meta.recordedAt) / 1e6);
    return done;
  }

  /** An earlier life of the gate answered, and its verdict stands. Where it approved, ours stays reserved for its time. */
  private giveWay(order: OrderRequested['order'], standing: Verdict | null): void {
    this.log.info({ clientOrderId: order.clientOrderId }, 'the request had its verdict already');
    if (standing?.kind === 'denied') this.gate.release(order);
  }

  /** A newly listed one is asked for once; when nobody answers, the gate judges by what it knows. */
  private async knowInstrument({ instrumentId }: OrderRequested['order']): Promise<void> {
    if (this.instruments.get(instrumentId)) return;
    try {
      await this.instruments.refresh();
      this.listing.succeeded();
    } catch (error) {
      this.listing.failed(error);
    }
  }

  /** Null: the lease was lost while news was waited for. */
  private async judge(order: OrderRequested['order'], validUntil: Timestamp | null): Promise<Verdict | null> {
    const began = performance.now();
    let verdict = this.gate.judge(order, validUntil);
    this.decisionSeconds.observe((performance.now() - began) / 1e3);
    while (isTooMuch(verdict)) {
      const left = hearingOutMs - (performance.now() - began);
      if (!(await this.gate.news.next(order.accountId, left))) break;
      if (!this.lease.isHeld) return null;
      verdict = this.gate.judge(order, validUntil);
    }
    if (verdict.kind === 'approved') this.watch?.approved(order);
    const code = verdict.kind === 'denied' ? verdict.denial.code : approvedCode;
    this.decided.inc({ kind: verdict.kind, code });
    annotate({ 'risk.verdict': verdict.kind, 'risk.code': code });
    return verdict;
  }
}

const isTooMuch = (verdict: Verdict): boolean =>
  verdict.kind === 'denied' && verdict.denial.code === 'EXCEEDS_POSITION';
