import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { isProtective, lostBy, protects, unprotected } from '@scalpstorm/engine';
import {
  type AccountId,
  type Activity,
  type ClientOrderId,
  isFinal,
  type Order,
  PlanId,
  Quantity,
} from '@scalpstorm/model';
import { Log, Metrics, stopOnBrokenInvariant } from '@scalpstorm/observability';
import { Ledger } from '../ports/ledger.js';
import { type LostStops, LostStopsStore, type StopsOf } from '../ports/lost-stops.js';
import { Venues } from '../ports/venues.js';
import { RunPlans } from './run-plans.js';

const everyMs = 1_000;
/** A plan replaces its stop, and an exit goes through the gate, within less. */
const looksUntilTold = 3;

interface Watched {
  lost: LostStops;
  /** Looks in a row that found something without its stop. */
  looks: number;
  /** Not stored yet. */
  dirty: boolean;
  /** Stops in it of which that is not stored yet. */
  counted: readonly ClientOrderId[];
}

/**
 * Every position that asked for a stop has one. Asking is a protective order in the books (`engine/orders/protection.ts`); one that ends
 * though nobody here wanted it (refused, expired, canceled at the venue) leaves what it protected without it, until that is closed or a
 * new stop of the same bot, plan or person works. Compared once a second; told once, also over restarts, and told again when it is over.
 */
@Injectable()
export class WatchProtection implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly watched = new Map<string, Watched>();
  /** Stops that work and were seen to. */
  private readonly working = new Set<ClientOrderId>();
  /** Of plans that had something without a stop at the last look. */
  private readonly bareOfPlans = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private readonly loaded = new Set<AccountId>();
  private looking = false;
  private readonly bare;

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly store: LostStopsStore,
    private readonly runPlans: RunPlans,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.bare = metrics.gauge({
      name: 'positions_unprotected',
      help: 'Positions, or parts of them, whose stop ended though nobody wanted it, and that have no new one.',
      labels: ['account'],
    });
    ledger.follow((order) => this.onOrder(order));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.lookQuietly(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** One comparison of positions and stops. */
  async look(): Promise<void> {
    for (const { id } of this.venues.accounts())
      if (this.ledger.isOpen(id) && !this.loaded.has(id)) await this.load(id);
    this.askPlans();
    const bare = new Map(this.venues.accounts().map(({ id }) => [id, 0]));
    for (const [key, watched] of this.watched) {
      const { accountId } = watched.lost;
      if (!this.loaded.has(accountId) || !this.ledger.isOpen(accountId)) continue;
      const quantity = this.bareOf(watched.lost);
      watched.looks = quantity > 0n ? watched.looks + 1 : 0;
      await this.settle(watched, quantity);
      if (watched.lost.told) bare.set(accountId, (bare.get(accountId) ?? 0) + 1);
      if (watched.lost.quantity === 0n && !watched.dirty) this.watched.delete(key);
    }
    for (const [account, count] of bare) this.bare.set({ account }, count);
  }

  /** Once, when the account is ours: what its last writer left, and the stops that work since then. */
  private async load(accountId: AccountId): Promise<void> {
    const rows = await this.store.load(accountId);
    const uncounted = await this.store.uncounted(accountId);
    for (const lost of rows) {
      const known = this.watched.get(keyOf(lost));
      // Lost since this process began: both count.
      const quantity = Quantity.plus(lost.quantity, known?.lost.quantity ?? Quantity.zero);
      const counted = known?.counted ?? [];
      this.watched.set(keyOf(lost), { lost: { ...lost, quantity }, looks: 0, dirty: known !== undefined, counted });
    }
    this.countAnew(accountId, uncounted);
    for (const { order } of this.ledger.working(accountId))
      if (protects(order) > 0n) this.working.add(order.request.clientOrderId);
    this.loaded.add(accountId);
  }

  /** What ended, and what was placed in its stead, before a process died that could not store it any more. */
  private countAnew(accountId: AccountId, uncounted: readonly Order[]): void {
    const seen = new Set([...this.watched.values()].flatMap(({ counted }) => counted));
    const ended = uncounted.filter(({ request }) => !seen.has(request.clientOrderId));
    for (const order of ended) this.onOrder(order);
    for (const { order } of this.ledger.working(accountId)) {
      const key = keyOf(stopsOf(order));
      const watched = this.watched.get(key);
      const isAfter = ended.some((one) => keyOf(stopsOf(one)) === key && one.updatedAt < order.createdAt);
      if (watched !== undefined && isAfter)
        change(watched, less(watched.lost.quantity, protects(order)), watched.lost.why);
    }
  }

  /** The gate denies a stop before there is an order of it: only its plan knows. One that was bare a look ago is not just on its way. */
  private askPlans(): void {
    const before = new Set(this.bareOfPlans);
    this.bareOfPlans.clear();
    for (const bare of [...this.loaded].flatMap((id) => this.runPlans.uncovered(id))) {
      const key = keyOf(bare);
      this.bareOfPlans.add(key);
      const known = this.watched.get(key);
      if (!before.has(key) || (known?.lost.quantity ?? 0n) >= bare.quantity) continue;
      if (known === undefined)
        this.watched.set(key, { lost: { ...bare, told: false }, looks: 0, dirty: true, counted: [] });
      else change(known, bare.quantity, bare.why);
    }
  }

  private lookQuietly(): void {
    if (this.looking) return;
    this.looking = true;
    this.look()
      .catch((error) => {
        stopOnBrokenInvariant(error);
        this.log.warn({ error }, 'positions could not be compared with their stops; once more in a second');
      })
      .finally(() => {
        this.looking = false;
      });
  }

  private onOrder(order: Order): void {
    const { request } = order;
    if (!isProtective(request)) return;
    const of = stopsOf(order);
    const before = this.watched.get(keyOf(of));
    if (protects(order) > 0n) {
      const isNew = !this.working.has(request.clientOrderId);
      this.working.add(request.clientOrderId);
      if (isNew && before !== undefined) change(before, less(before.lost.quantity, protects(order)), before.lost.why);
      return;
    }
    const lost = lostBy(order);
    // One that is being canceled is no new one when the venue refuses that.
    if (isFinal(order.status)) this.working.delete(request.clientOrderId);
    if (lost === 0n) return;
    const why = order.reason?.text ?? order.status;
    const row = { ...of, userId: request.userId, quantity: Quantity.zero, why, told: false };
    const watched = before ?? { lost: row, looks: 0, dirty: true, counted: [] };
    watched.counted = [...watched.counted, request.clientOrderId];
    change(watched, Quantity.fromUnits(lost + watched.lost.quantity), why);
    this.watched.set(keyOf(of), watched);
  }

  /** What is held without its stop; nobody asks for one any more when the position is closed. */
  private bareOf(lost: LostStops): Quantity {
    const { accountId, instrumentId, botId, side } = lost;
    const positions = this.ledger.positions(accountId);
    const position = positions.find((one) => one.botId === botId && one.instrumentId === instrumentId);
    if (position === undefined) return Quantity.zero;
    const orders = this.ledger.working(accountId).map(({ order }) => order);
    const stops = orders.filter(
      ({ request }) => request.botId === botId && request.instrumentId === instrumentId && request.side === side,
    );
    const works = stops.reduce((sum, order) => sum + protects(order), 0n);
    return unprotected(position, side, lost.quantity, works);
  }

  /** Stores what changed, and tells when it has begun and when it is over. */
  private async settle(watched: Watched, quantity: Quantity): Promise<void> {
    const { lost, looks } = watched;
    const begins = !lost.told && looks >= looksUntilTold;
    const ends = lost.told && quantity === 0n;
    // Closed, or on the other side: what comes later is asked for anew.
    const closed = quantity === 0n && lost.quantity > 0n && this.isClosed(lost);
    if (!begins && !ends && !closed && !watched.dirty) return;
    const next = { ...lost, quantity: closed ? Quantity.zero : lost.quantity, told: begins || (lost.told && !ends) };
    const activity = begins ? unprotectedOf(lost, quantity) : ends ? protectedAgain(lost) : null;
    const { counted } = watched;
    await this.store.keep(next, activity, counted);
    watched.counted = watched.counted.slice(counted.length);
    // Something may have happened to it while it was stored: that is stored with the next look.
    watched.dirty = watched.lost !== lost;
    watched.lost = watched.dirty ? { ...watched.lost, told: next.told } : next;
    if (begins)
      this.log.warn({ ...about(lost), quantity: Quantity.format(quantity) }, 'a position is without its stop');
  }

  private isClosed({ accountId, instrumentId, botId, side }: LostStops): boolean {
    const positions = this.ledger.positions(accountId);
    const held = positions.find((one) => one.botId === botId && one.instrumentId === instrumentId)?.quantity ?? 0n;
    return side === 'sell' ? held <= 0n : held >= 0n;
  }
}

function change(watched: Watched, quantity: Quantity, why: string): void {
  watched.lost = { ...watched.lost, quantity, why };
  watched.dirty = true;
}

const less = (quantity: Quantity, by: bigint): Quantity => Quantity.fromUnits(quantity > by ? quantity - by : 0n);

function stopsOf({ request }: Order): StopsOf {
  const { accountId, instrumentId, botId, side, clientOrderId } = request;
  return { accountId, instrumentId, botId, planId: PlanId.slotOf(clientOrderId)?.planId ?? null, side };
}

const keyOf = ({ accountId, instrumentId, botId, planId, side }: StopsOf): string =>
  [accountId, instrumentId, botId ?? '', planId ?? '', side].join('|');

const about = ({ accountId, instrumentId, botId, planId }: StopsOf) => ({ accountId, instrumentId, botId, planId });

function unprotectedOf(lost: LostStops, quantity: Quantity): Activity {
  const { userId, botId, instrumentId, accountId, why } = lost;
  const held = Quantity.format(quantity);
  return {
    level: 'ERROR',
    code: 'POSITION_UNPROTECTED',
    text: `${held} in ${instrumentId} on account ${accountId} have no stop any more (${why}). Place a new stop, or close the position.`,
    userId,
    botId,
    data: { ...about(lost), quantity: held },
  };
}

function protectedAgain(lost: LostStops): Activity {
  const { userId, botId, instrumentId, accountId } = lost;
  return {
    level: 'INFO',
    code: 'POSITION_PROTECTED',
    text: `What had no stop in ${instrumentId} on account ${accountId} has one again, or is closed.`,
    userId,
    botId,
    data: about(lost),
  };
}
