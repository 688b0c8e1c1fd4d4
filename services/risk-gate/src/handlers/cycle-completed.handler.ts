import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome, retry } from '@scalpstorm/bus';
import { type CycleCompleted, cycleCompleted } from '@scalpstorm/contracts';
import { type BreakerSettings, type CycleResult, dayOf, type Trip, tripsBy } from '@scalpstorm/engine';
import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { RiskScope } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { BreakerRules, isOn } from '../domain/breaker-rules.js';
import { CycleResults, type ResultsCircle, type Span } from '../ports/cycle-results.js';
import { GateLease } from '../ports/gate-lease.js';
import type { Tripped } from '../ports/trips.js';
import { Breakers } from './breakers.js';
import { Gate } from './gate.js';

const day: Micros = 86_400 * second;

/** How far back losses in a row are looked for. */
const span: Micros = 2 * day;

const notOurs = retry('the lease of the gate is not held');

type Completed = Pick<CycleCompleted, 'userId' | 'cycle' | 'accountId'>;

/** What a cycle came to may trip the breakers of its bot and account and, with real money, of its user and of everybody. Off the way of orders; nothing is written while all are off. */
@Controller()
export class CycleCompletedHandler {
  constructor(
    private readonly gate: Gate,
    private readonly results: CycleResults,
    private readonly breakers: Breakers,
    private readonly rules: BreakerRules,
    private readonly lease: GateLease,
    private readonly clock: WallClock,
  ) {}

  @Hears(cycleCompleted, { keyOf: (event) => event.userId })
  async handle({ userId, cycle, accountId }: CycleCompleted): Promise<Outcome> {
    const { bot, user, userInstrument, account, platform } = this.rules;
    if (![bot, user, userInstrument, account, platform].some(isOn)) return done;
    // Whoever judges now must hear it.
    if (!this.lease.isHeld) return notOurs;
    await this.results.note(userId, cycle, accountId);
    // One that was told before and completed later counts, too.
    const until = Timestamp.fromMicros(Math.max(cycle.completedAt, this.clock.now()));
    const looked = { since: Timestamp.plus(cycle.completedAt, -span), until };
    const { botId, instrumentId, mode } = cycle;
    const ofBot = { scope: RiskScope.bot(botId), ownerId: userId };
    await this.judge(bot, looked, (one) => this.results.ofBot(botId, one), ofBot);
    // Each of the bots there is held when it completes its next cycle.
    const ofInstrument = { mode, userId, instrumentId };
    await this.judge(userInstrument, looked, (one) => this.results.within(ofInstrument, one), ofBot);
    await this.judgeWide({ userId, cycle, accountId });
    return done;
  }

  /** Only the sum of the cycle's day counts here. Nobody's cycles are in order there, so the one that was told is the last. */
  private async judgeWide({ userId, cycle, accountId }: Completed): Promise<void> {
    const { user, account, platform } = this.rules;
    const { mode } = cycle;
    const since = dayOf(cycle.completedAt);
    const today = { since, until: Timestamp.plus(since, day - 1) };
    const summed = (circle: ResultsCircle) => (one: Span) => this.results.summedWith(cycle, circle, one);
    if (accountId !== undefined) {
      const ofAccount = { scope: RiskScope.account(accountId), ownerId: this.gate.ownerOf(accountId) };
      await this.judge(account, today, summed({ mode, accountId }), ofAccount);
    }
    if (mode !== 'live') return;
    const ofUser = { scope: RiskScope.user(userId), ownerId: userId };
    await this.judge(user, today, summed({ mode, userId }), ofUser);
    const ofAll = { scope: RiskScope.platform, ownerId: null };
    await this.judge(platform, today, summed({ mode }), ofAll);
  }

  private async judge(
    settings: BreakerSettings,
    looked: Span,
    read: (span: Span) => Promise<readonly CycleResult[]>,
    whose: Pick<Tripped, 'scope' | 'ownerId'>,
  ): Promise<void> {
    if (!isOn(settings)) return;
    const [longest] = tripsBy(await read(looked), settings);
    if (longest === undefined || longest.until <= this.clock.now()) return;
    await this.breakers.trip({ ...whose, ...(longest satisfies Trip), needsPerson: this.rules.needsPerson });
  }
}
