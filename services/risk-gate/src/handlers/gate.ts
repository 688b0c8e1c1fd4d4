import { Injectable } from '@nestjs/common';
import {
  applyOrder,
  botStanding,
  decide,
  emptyStanding,
  type RiskContext,
  type RiskLimits,
  releaseReservation,
  reserve,
  restoreStanding,
  type Standing,
  userExposureOf,
  venueExposureOf,
} from '@scalpstorm/engine';
import { millisecond, Timestamp } from '@scalpstorm/kernel';
import {
  type AccountId,
  type Balance,
  type ClientOrderId,
  type Instrument,
  isFinal,
  Money,
  type Order,
  type OrderRequest,
} from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { AccountFunds } from '../domain/account-funds.js';
import { MarketViews } from '../domain/market-views.js';
import { type AccountBooks, Instruments } from '../ports/standing-source.js';
import { TradingStates } from '../ports/trading-states.js';
import type { Verdict } from '../ports/verdicts.js';

interface Reserved {
  readonly request: OrderRequest;
  /** When the approval can not be acted on any more, with room for what execution was just writing. */
  readonly releaseAt: Timestamp;
}

/** Past the approval's expiry, execution may still be committing the mark that it began in time. */
const releaseGrace = 2_000 * millisecond;

/**
 * An order that the books do not show and that last changed so long before they were read is in their positions already:
 * more than any commit takes and clocks differ.
 */
const newsAge = 60_000 * millisecond;

/** Limits and the life of an approval, as configured. */
export abstract class GateSettings {
  abstract readonly limits: RiskLimits;
  abstract readonly approvalLifeMs: number;
  abstract readonly verdictsKeptDays: number;
}

/** The standing of every account, and the decisions on it. One writer: this process; everything is synchronous. */
@Injectable()
export class Gate {
  private readonly standings = new Map<AccountId, Standing>();
  private readonly reservations = new Map<ClientOrderId, Reserved>();
  private readonly funds = new AccountFunds();
  /** Orders that were heard while the books are being read; they may be newer than what is read. */
  private heardMeanwhile: Order[] | null = null;
  private readingSince: Timestamp | null = null;
  private booksOf: Timestamp | null = null;
  private recovering = true;

  constructor(
    private readonly settings: GateSettings,
    private readonly market: MarketViews,
    private readonly instruments: Instruments,
    private readonly tradingStates: TradingStates,
    private readonly clock: WallClock,
  ) {}

  get isRecovering(): boolean {
    return this.recovering;
  }

  /** Judges and, when it says yes, reserves. The caller has made sure that no verdict was given before. */
  judge(request: OrderRequest): Verdict {
    const now = this.clock.now();
    const instrument = this.instruments.get(request.instrumentId);
    const standing = this.standingOf(request.accountId);
    const context = this.contextOf(request, instrument, now);
    const verdict = decide(request, standing, this.settings.limits, context);
    if (verdict.kind === 'denied') return verdict;
    const expiresAt = Timestamp.plus(now, this.settings.approvalLifeMs * millisecond);
    if (instrument) {
      const referencePrice = this.market.marks.get(request.instrumentId) ?? null;
      this.standings.set(
        request.accountId,
        reserve(standing, { request, instrument, referencePrice, approvedAt: now }),
      );
      this.funds.promise(request, instrument, referencePrice);
      this.reservations.set(request.clientOrderId, { request, releaseAt: Timestamp.plus(expiresAt, releaseGrace) });
    }
    return { kind: 'approved', expiresAt };
  }

  /** False when the instrument is not known yet: then the event can not be taken into account and must come again. */
  noteOrder(order: Order): boolean {
    const { accountId, clientOrderId, instrumentId } = order.request;
    const instrument = this.instruments.get(instrumentId);
    if (!instrument) return false;
    this.heardMeanwhile?.push(order);
    if (this.isInPositions(order)) return true;
    this.reservations.delete(clientOrderId);
    this.funds.hear(order, this.clock.now());
    this.standings.set(accountId, applyOrder(this.standingOf(accountId), order, instrument));
    return true;
  }

  /** Approvals whose time is over without a word from execution, the oldest first. */
  dueReservations(max: number): readonly OrderRequest[] {
    const now = this.clock.now();
    const due: OrderRequest[] = [];
    for (const { request, releaseAt } of this.reservations.values()) {
      if (due.length >= max) break;
      if (releaseAt <= now) due.push(request);
    }
    return due;
  }

  /** Gives a reservation back: nobody has acted on the approval, and nobody will. */
  release(request: OrderRequest): void {
    if (!this.reservations.delete(request.clientOrderId)) return;
    this.funds.release(request);
    const instrument = this.instruments.get(request.instrumentId);
    if (!instrument) return;
    this.standings.set(request.accountId, releaseReservation(this.standingOf(request.accountId), request, instrument));
  }

  /** The books are about to be read; what is heard from now on is applied to them again. */
  expectBooks(): void {
    this.readingSince = this.clock.now();
    this.heardMeanwhile = [];
  }

  /** Replaces what is known by what execution's books say. @throws when an instrument of the books is not known. */
  restore(books: readonly AccountBooks[]): void {
    const { rateWindow } = this.settings.limits;
    for (const { accountId, positions, orders } of books) {
      const ids = [...positions.map((p) => p.instrumentId), ...orders.map((o) => o.request.instrumentId)];
      const instruments = new Map(ids.flatMap((id) => entryOf(this.instruments.get(id))));
      this.standings.set(accountId, restoreStanding(rateWindow, { positions, orders }, instruments));
      this.restoreFunds(accountId, orders);
    }
    for (const { request } of this.reservations.values()) this.reserveAgain(request);
    this.booksOf = this.readingSince;
    const meanwhile = this.heardMeanwhile ?? [];
    this.heardMeanwhile = null;
    for (const order of meanwhile) this.noteOrder(order);
  }

  noteBalances(accountId: AccountId, balances: readonly Balance[], askedAt: Timestamp): void {
    this.funds.note(accountId, balances, askedAt);
  }

  /** From now on opening orders are judged like any other. */
  open(): void {
    this.recovering = false;
  }

  /** An old event, delivered again, about an order that ended before the books were read. */
  private isInPositions({ request, updatedAt }: Order): boolean {
    if (this.booksOf === null || updatedAt >= Timestamp.plus(this.booksOf, -newsAge)) return false;
    const { orders, finished } = botStanding(this.standingOf(request.accountId), request.botId);
    return !orders.has(request.clientOrderId) && !finished.has(request.clientOrderId);
  }

  /** What the venue has taken already counts once more until the next balance: better than not at all. */
  private restoreFunds(accountId: AccountId, orders: readonly Order[]): void {
    this.funds.forgetPromises(accountId);
    for (const order of orders) {
      const instrument = this.instruments.get(order.request.instrumentId);
      if (instrument === null || isFinal(order.status)) continue;
      this.funds.promise(order.request, instrument, this.market.marks.get(instrument.id) ?? null);
      this.funds.hear(order, this.clock.now());
    }
  }

  private reserveAgain(request: OrderRequest): void {
    const instrument = this.instruments.get(request.instrumentId);
    if (!instrument) return;
    const standing = this.standingOf(request.accountId);
    const referencePrice = this.market.marks.get(request.instrumentId) ?? null;
    const approvedAt = this.clock.now();
    this.standings.set(request.accountId, reserve(standing, { request, instrument, referencePrice, approvedAt }));
    this.funds.promise(request, instrument, referencePrice);
  }

  private standingOf(accountId: AccountId): Standing {
    return this.standings.get(accountId) ?? emptyStanding(this.settings.limits.rateWindow);
  }

  private contextOf(request: OrderRequest, instrument: Instrument | null, now: Timestamp): RiskContext {
    return {
      now,
      tradingState: this.tradingStates.of(request.userId).state,
      recovering: this.recovering,
      instrument,
      market: this.market.get(request.instrumentId),
      marks: this.market.marks,
      // Who was judged before is not judged again: the verdict is told again.
      seenBefore: this.reservations.has(request.clientOrderId),
      funds: this.funds.of(request.accountId),
      elsewhere: this.elsewhere(request, instrument),
    };
  }

  private elsewhere({ accountId, userId }: OrderRequest, instrument: Instrument | null): RiskContext['elsewhere'] {
    const { limits } = this.settings;
    const { marks } = this.market;
    const others = [...this.standings].filter(([id]) => id !== accountId).map(([, standing]) => standing);
    const sum = (of: (standing: Standing) => Money | null): Money | null =>
      others.reduce<Money | null>((total, standing) => {
        const more = of(standing);
        return total === null || more === null ? null : Money.plus(total, more);
      }, Money.zero(limits.currency));
    return {
      user: sum((standing) => userExposureOf(standing, limits, marks, userId)),
      venue: instrument === null ? null : sum((standing) => venueExposureOf(standing, limits, marks, instrument.venue)),
    };
  }
}

function entryOf(instrument: Instrument | null): readonly (readonly [Instrument['id'], Instrument])[] {
  return instrument ? [[instrument.id, instrument]] : [];
}
