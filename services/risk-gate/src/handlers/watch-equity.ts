import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { countEquity, drawdownBps, type EquityCount, fromHere } from '@scalpstorm/engine';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type AccountId, Money, RiskScope, type UserId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { AccountWorth } from '../domain/account-worth.js';
import { BreakerRules } from '../domain/breaker-rules.js';
import { MarketViews } from '../domain/market-views.js';
import { EquityPeaks } from '../ports/equity-peaks.js';
import { Breakers } from './breakers.js';
import { Gate, GateSettings } from './gate.js';
import { Patience } from './patience.js';

const everyMs = 1_000;
/** A crash forgets no more of a rise than this. */
const writtenEvery = 5 * second;
/** After a start, what was counted before gets so long to have a price again: or a loss in between would be forgiven. */
const pricesWithin = 60 * second;

/** What of a circle is counted, and when too much of it is lost. */
interface Circle {
  readonly scope: RiskScope;
  readonly ownerId: UserId | null;
  readonly bpsMax: number;
  readonly values: ReadonlyMap<string, bigint>;
}

/** Holds an account, or a user, whose equity is too far below its highest. Off the way of orders, and off until it is set. */
@Injectable()
export class WatchEquity implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly counts = new Map<string, EquityCount>();
  private readonly written = new Map<string, { readonly peak: bigint; readonly at: Timestamp }>();
  private readonly patience: Patience;
  private startedAt: Timestamp | null = null;
  private timer: NodeJS.Timeout | null = null;
  private busy = false;

  constructor(
    private readonly worth: AccountWorth,
    private readonly market: MarketViews,
    private readonly gate: Gate,
    private readonly peaks: EquityPeaks,
    private readonly breakers: Breakers,
    private readonly rules: BreakerRules,
    private readonly settings: GateSettings,
    private readonly clock: WallClock,
    log: Log,
  ) {
    this.patience = new Patience(
      log,
      'the equity of accounts could not be read or written; the next round tries again',
    );
  }

  onApplicationBootstrap(): void {
    const { accountBpsMax, userLiveBpsMax } = this.rules.equity;
    if (accountBpsMax !== null || userLiveBpsMax !== null) this.timer = setInterval(() => void this.round(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  async round(): Promise<void> {
    if (this.busy || !this.breakers.isRunning) return;
    this.busy = true;
    try {
      if (this.startedAt === null) await this.load();
      for (const circle of this.circles()) await this.judge(circle);
      this.patience.succeeded();
    } catch (error) {
      this.patience.failed(error);
    } finally {
      this.busy = false;
    }
  }

  private async load(): Promise<void> {
    for (const { scope, count, countedAt } of await this.peaks.load()) {
      this.counts.set(RiskScope.format(scope), count);
      this.written.set(RiskScope.format(scope), { peak: count.peak, at: countedAt });
    }
    this.startedAt = this.clock.now();
  }

  private circles(): readonly Circle[] {
    const { accountBpsMax, userLiveBpsMax } = this.rules.equity;
    const accounts = this.worth.accounts();
    const circles: Circle[] = [];
    if (accountBpsMax !== null) {
      for (const { id } of accounts) {
        const ownerId = this.gate.ownerOf(id);
        circles.push({ scope: RiskScope.account(id), ownerId, bpsMax: accountBpsMax, values: this.valuesOf(id) });
      }
    }
    if (userLiveBpsMax === null) return circles;
    const live = accounts.filter(({ mode }) => mode === 'live');
    const byUser = Map.groupBy(live, ({ id }) => this.gate.ownerOf(id));
    for (const [ownerId, own] of byUser) {
      if (ownerId === null) continue;
      const values = new Map(
        own.flatMap(({ id }) => [...this.valuesOf(id)].map(([asset, value]) => [`${id} ${asset}`, value] as const)),
      );
      circles.push({ scope: RiskScope.user(ownerId), ownerId, bpsMax: userLiveBpsMax, values });
    }
    return circles;
  }

  private valuesOf(id: AccountId): ReadonlyMap<string, bigint> {
    return this.worth.valuesOf(id, this.settings.limits.currency, this.market.marks);
  }

  private async judge(circle: Circle): Promise<void> {
    const key = RiskScope.format(circle.scope);
    const before = this.counts.get(key) ?? null;
    if (before !== null && this.isEarly(before, circle.values)) return;
    const count = countEquity(before, circle.values);
    const lost = drawdownBps(count);
    const tripped = lost > circle.bpsMax;
    // Whatever was lost, or taken out, is told once.
    const next = tripped ? fromHere(count) : count;
    this.counts.set(key, next);
    if (tripped) await this.trip(circle, count, lost);
    await this.write(circle.scope, next, tripped);
  }

  private isEarly(before: EquityCount, values: ReadonlyMap<string, bigint>): boolean {
    if (this.startedAt === null || this.clock.now() >= Timestamp.plus(this.startedAt, pricesWithin)) return false;
    return [...before.values].some(([asset, value]) => value !== 0n && !values.has(asset));
  }

  private async trip({ scope, ownerId, bpsMax }: Circle, { equity, peak }: EquityCount, lost: number): Promise<void> {
    const { currency } = this.settings.limits;
    const money = (amount: bigint): string => `${Money.format({ amount, currency })} ${currency}`;
    const { state, coolDown, needsPerson } = this.rules;
    await this.breakers.trip({
      ...{ scope, ownerId, state, needsPerson, breaker: 'drawdown' },
      text: `Drawdown: ${money(equity)} of ${money(peak)}, ${lost} bps below the highest, at most ${bpsMax}`,
      limit: `${bpsMax} bps`,
      value: `${lost} bps`,
      until: Timestamp.plus(this.clock.now(), coolDown),
    });
  }

  private async write(scope: RiskScope, count: EquityCount, atOnce: boolean): Promise<void> {
    const key = RiskScope.format(scope);
    const now = this.clock.now();
    const last = this.written.get(key);
    const isDue = last === undefined || (last.peak !== count.peak && now >= Timestamp.plus(last.at, writtenEvery));
    if (!isDue && !atOnce) return;
    await this.peaks.keep({ scope, count, countedAt: now });
    this.written.set(key, { peak: count.peak, at: now });
  }
}
