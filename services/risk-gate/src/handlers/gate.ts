import { Injectable } from '@nestjs/common';
import {
  applyOrder,
  botStanding,
  decide,
  emptyStanding,
  limitsInForce,
  mayBeForgotten,
  type RiskContext,
  releaseReservation,
  reserve,
  restoreStanding,
  type Standing,
} from '@scalpstorm/engine';
import { assert, millisecond, Timestamp } from '@scalpstorm/kernel';
import {
  type AccountId,
  type Balance,
  type ClientOrderId,
  type Instrument,
  isFinal,
  type Mode,
  type Order,
  type OrderRequest,
  type UserId,
} from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { AccountBooks } from '../domain/account-books.js';
import { AccountFunds } from '../domain/account-funds.js';
import { exposedElsewhere, soleUser, type Unpriced, unpricedOf } from '../domain/elsewhere.js';
import { approvalGraceMs, GateSettings } from '../domain/gate-settings.js';
import { isAnyListed, knownOf, listedOf, type Unlisted, unlistedOf } from '../domain/listed-books.js';
import { MarketViews } from '../domain/market-views.js';
import type { Reading, Reserved } from '../domain/reading.js';
import { sessionsOf } from '../domain/sessions.js';
import type { Limits } from '../ports/limits.js';
import { Instruments } from '../ports/standing-source.js';
import { TradingStates } from '../ports/trading-states.js';
import type { Verdict } from '../ports/verdicts.js';
import { AccountNews } from './account-news.js';

export { GateSettings };

/** What changed so long before the books were read is in them: more than any commit takes and clocks differ. */
const newsAge = 60_000 * millisecond;

/** The standing of every account, and the decisions on it. One writer: this process; everything is synchronous. */
@Injectable()
export class Gate {
  /** Whatever moved the standing of an account, other than its requests. */
  readonly news = new AccountNews();
  private readonly standings = new Map<AccountId, Standing>();
  private readonly reservations = new Map<ClientOrderId, Reserved>();
  private readonly funds = new AccountFunds();
  /** Of every account that was heard of; an account never changes its mode. */
  private readonly modes = new Map<AccountId, Mode>();
  /** Whether execution says that an account and its venue agree. */
  private readonly reconciled = new Map<AccountId, boolean>();
  private reading: Reading | null = null;
  /** When the books that the standings were built from began to be read. */
  private booksOf: Timestamp | null = null;
  /** Accounts of which something was heard that only the books can tell; each stays until they are read anew. */
  private doubts = new Set<AccountId>();
  private unlisted: Unlisted = new Map();
  private recovering = true;

  constructor(
    private readonly settings: GateSettings,
    private readonly market: MarketViews,
    private readonly instruments: Instruments,
    private readonly tradingStates: TradingStates,
    private readonly clock: WallClock,
    /** Those that are tighter than the settings. */
    private readonly tight: Pick<Limits, 'of'> = { of: () => limitsInForce(settings.limits, []) },
  ) {}

  get isRecovering(): boolean {
    return this.recovering;
  }

  /** True while the books are to be read: of an order that was forgotten, or of what is listed by now. Nothing is opened there. */
  get isInDoubt(): boolean {
    if (this.doubts.size > 0 || (this.reading?.doubts.size ?? 0) > 0) return true;
    return isAnyListed(this.unlisted, this.instruments);
  }

  /** What was left out of the books, because nobody lists it. Those accounts open nothing; they close what is known. */
  get leftOut(): Unlisted {
    return this.unlisted;
  }

  /** What counts and has no price: it keeps its account, and its user, from opening. */
  get unpriced(): readonly Unpriced[] {
    return unpricedOf(this.world);
  }

  /**
   * Judges and, when it says yes, reserves. The caller has made sure that no verdict was given before. `validUntil`: when whoever asked
   * does not want it any more.
   */
  judge(request: OrderRequest, validUntil: Timestamp | null = null): Verdict {
    const now = this.clock.now();
    const instrument = this.instruments.get(request.instrumentId);
    const standing = this.standingOf(request.accountId);
    const context = this.contextOf(request, instrument, now);
    const { limits, sources } = this.tight.of(request);
    const verdict = decide(request, standing, limits, { ...context, validUntil, limitSources: sources });
    if (verdict.kind === 'denied') return verdict;
    const expiresAt = Timestamp.plus(now, this.settings.approvalLifeMs * millisecond);
    if (instrument) {
      const referencePrice = this.market.marks.get(request.instrumentId) ?? null;
      this.standings.set(
        request.accountId,
        reserve(standing, { request, instrument, referencePrice, approvedAt: now }),
      );
      this.funds.promise(request, instrument, referencePrice);
      this.reservations.set(request.clientOrderId, {
        request,
        releaseAt: Timestamp.plus(expiresAt, approvalGraceMs * millisecond),
      });
    }
    return { kind: 'approved', expiresAt };
  }

  /**
   * False when the instrument is not known yet: then the event can not be taken into account and must come again.
   * `occurredAt`: on the venue's clock, when it was the venue that said it.
   */
  noteOrder(order: Order, occurredAt: Timestamp = order.updatedAt): boolean {
    const { accountId, clientOrderId, instrumentId } = order.request;
    this.learnMode(order.request);
    const instrument = this.instruments.get(instrumentId);
    if (!instrument) {
      if (!this.unlisted.has(accountId)) this.doubts.add(accountId);
      return false;
    }
    this.reading?.heard.push({ order, occurredAt });
    const standing = this.standingOf(accountId);
    if (mayBeForgotten(standing, order)) {
      this.leaveToBooks(order);
      return true;
    }
    this.reservations.delete(clientOrderId);
    this.funds.hear(order, occurredAt);
    this.standings.set(accountId, applyOrder(standing, order, instrument));
    this.news.arrived(accountId);
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

  /**
   * The books are about to be read; what is heard from now on is applied to them again. Returns since when they must tell of
   * orders that are over; null: all of them.
   */
  expectBooks(): Timestamp | null {
    this.giveUpBooks();
    const { doubts, standings } = this;
    this.reading = { began: this.clock.now(), standings: new Map(standings), doubts, heard: [] };
    this.doubts = new Set();
    return this.booksOf === null ? null : Timestamp.plus(this.booksOf, -newsAge);
  }

  /** They could not be read. */
  giveUpBooks(): void {
    for (const accountId of this.reading?.doubts ?? []) this.doubts.add(accountId);
    this.reading = null;
  }

  /** Replaces what is known by what execution's books say; what nobody lists is {@link leftOut}. */
  restore(all: readonly AccountBooks[]): void {
    const { reading } = this;
    assert(reading !== null, 'books were not expected');
    const unlisted = unlistedOf(all, this.instruments);
    const books = listedOf(all, unlisted);
    const told = new Map(books.map((one) => [one.accountId, one]));
    const accounts = new Set([...told.keys(), ...this.standings.keys()]);
    const rebuilt = [...accounts].map((id) => [id, this.rebuilt(id, told.get(id), reading)] as const);
    for (const { accountId, orders } of books) this.restoreFunds(accountId, orders);
    for (const { orders } of books) for (const { request } of orders) this.learnMode(request);
    for (const [id, standing] of rebuilt) this.standings.set(id, standing);
    this.unlisted = unlisted;
    this.booksOf = reading.began;
    this.reading = null;
    for (const { order, occurredAt } of reading.heard) this.noteOrder(order, occurredAt);
    for (const id of accounts) this.news.arrived(id);
  }

  /** `asOf`: on the venue's clock. */
  noteBalances(accountId: AccountId, balances: readonly Balance[], asOf: Timestamp): void {
    this.funds.note(accountId, balances, asOf);
  }

  /** As execution says it: is nothing left in which its books and the venue differ? */
  noteReconciled(accountId: AccountId, isReconciled: boolean): void {
    this.reconciled.set(accountId, isReconciled);
  }

  readonly ownerOf = (accountId: AccountId): UserId | null => soleUser(this.standingOf(accountId));

  /** As execution says it, who has the account. */
  noteMode(accountId: AccountId, mode: Mode): void {
    this.modes.set(accountId, mode);
  }

  /** What execution's orders say of their account counts only while nothing else is known: a wrong word must hide no exposure. */
  private learnMode({ accountId, mode }: Pick<OrderRequest, 'accountId' | 'mode'>): void {
    if (!this.modes.has(accountId)) this.modes.set(accountId, mode);
  }

  /** From now on opening orders are judged like any other. */
  open(): void {
    this.recovering = false;
  }

  /** An old event that is delivered again is in the positions; the rest of what a forgotten order has to say is not. */
  private leaveToBooks({ request, status, updatedAt }: Order): void {
    if (isFinal(status)) this.release(request);
    const { booksOf } = this;
    if (booksOf === null || updatedAt >= Timestamp.plus(booksOf, -newsAge)) this.doubts.add(request.accountId);
  }

  private rebuilt(accountId: AccountId, books: AccountBooks | undefined, { began, standings }: Reading): Standing {
    const { positions = [], orders = [] } = books ?? {};
    const { rateWindow } = this.settings.limits;
    const now = this.standingOf(accountId);
    const ids = [...positions, ...orders.map(({ request }) => request), ...now.instruments.values()].map(
      ({ instrumentId }) => instrumentId,
    );
    const instruments = knownOf(ids, this.instruments);
    const picture = { positions, orders, knownSince: Timestamp.plus(began, -newsAge) };
    const atReading = standings.get(accountId) ?? emptyStanding(rateWindow);
    return restoreStanding(rateWindow, picture, instruments, { atReading, now });
  }

  /** An order of which nothing was known counts once more until the next balance: better than not at all. */
  private restoreFunds(accountId: AccountId, orders: readonly Order[]): void {
    const standing = this.standingOf(accountId);
    for (const order of orders) {
      const { request, status, updatedAt } = order;
      const instrument = this.instruments.get(request.instrumentId);
      if (instrument === null) continue;
      const known = botStanding(standing, request.botId).orders.has(request.clientOrderId);
      const isNew = !known && !isFinal(status);
      if (isNew) this.funds.promise(request, instrument, this.market.marks.get(instrument.id) ?? null);
      this.funds.hear(order, isNew ? this.clock.now() : updatedAt);
    }
  }

  private standingOf(accountId: AccountId): Standing {
    const known = this.standings.get(accountId);
    const knownSince = this.booksOf === null ? null : Timestamp.plus(this.booksOf, -newsAge);
    return known ?? emptyStanding(this.settings.limits.rateWindow, knownSince);
  }

  private contextOf(request: OrderRequest, instrument: Instrument | null, now: Timestamp): RiskContext {
    return {
      now,
      trading: this.tradingStates.of(request),
      recovering: this.recovering || this.doubted(request.accountId),
      unlisted: this.unlisted.get(request.accountId)?.[0] ?? null,
      instrument,
      mode: this.modes.get(request.accountId),
      market: this.market.get(request.instrumentId),
      marks: this.market.marks,
      // Who was judged before is not judged again: the verdict is told again.
      seenBefore: this.reservations.has(request.clientOrderId),
      funds: this.funds.of(request.accountId),
      reconciled: this.reconciled.get(request.accountId) ?? null,
      venueClock: this.market.clockOf(request.instrumentId),
      sessions: this.settings.sessions === undefined ? [] : sessionsOf(this.settings.sessions, request.instrumentId),
      elsewhere: exposedElsewhere(request, instrument, this.world),
    };
  }

  private get world() {
    return { standings: this.standings, modes: this.modes, limits: this.settings.limits, marks: this.market.marks };
  }

  private doubted(accountId: AccountId): boolean {
    return this.doubts.has(accountId) || this.reading?.doubts.has(accountId) === true;
  }
}
