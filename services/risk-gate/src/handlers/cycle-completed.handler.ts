import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome, retry } from '@scalpstorm/bus';
import { type CycleCompleted, cycleCompleted } from '@scalpstorm/contracts';
import { type BreakerSettings, type CycleResult, dayOf, type Trip, tripsBy } from '@scalpstorm/engine';
import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { RiskScope } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { BreakerRules, isOn } from '../domain/breaker-rules.js';
import { CycleResults, type Span } from '../ports/cycle-results.js';
import { GateLease } from '../ports/gate-lease.js';
import type { Tripped } from '../ports/trips.js';
import { Breakers } from './breakers.js';

/** How far back losses in a row are looked for. */
const span: Micros = 2 * 86_400 * second;

const notOurs = retry('the lease of the gate is not held');

/** What a cycle came to may trip the breakers of its bot and, with real money, of its user. Off the way of orders; nothing is written while all are off. */
@Controller()
export class CycleCompletedHandler {
  constructor(
    private readonly results: CycleResults,
    private readonly breakers: Breakers,
    private readonly rules: BreakerRules,
    private readonly lease: GateLease,
    private readonly clock: WallClock,
  ) {}

  @Hears(cycleCompleted, { keyOf: (event) => event.userId })
  async handle({ userId, cycle }: CycleCompleted): Promise<Outcome> {
    const { bot, user } = this.rules;
    if (!isOn(bot) && !isOn(user)) return done;
    // Whoever judges now must hear it.
    if (!this.lease.isHeld) return notOurs;
    await this.results.note(userId, cycle);
    const looked = { since: Timestamp.plus(cycle.completedAt, -span), until: cycle.completedAt };
    const botScope = RiskScope.bot(cycle.botId);
    await this.judge(bot, looked, (one) => this.results.ofBot(cycle.botId, one), { scope: botScope, ownerId: userId });
    if (cycle.mode !== 'live') return done;
    const userScope = { scope: RiskScope.user(userId), ownerId: userId };
    const today = { ...looked, since: dayOf(cycle.completedAt) };
    await this.judge(user, today, (one) => this.results.ofUser(userId, 'live', one), userScope);
    return done;
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
