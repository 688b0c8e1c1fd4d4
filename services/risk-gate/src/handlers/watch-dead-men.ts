import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DeadMan, Refusal, RiskCommand } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import { RiskScope, type UserId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { isOperators } from '../domain/state-words.js';
import { type ArmedDeadMan, DeadMen } from '../ports/dead-men.js';
import { GateLease } from '../ports/gate-lease.js';
import { TradingStates } from '../ports/trading-states.js';
import { Patience } from './patience.js';

const everyMs = 1_000;
const armedMax = 10_000;
export const deadManSeconds = { min: 10, max: 86_400 } as const;
const speaker = 'dead-man';

type Arming = Extract<RiskCommand, { kind: 'arm' | 'disarm' }>;
/** What was done. A renewal changes nothing but when the timer halts. */
export type Armed = 'armed' | 'renewed' | 'disarmed';

/**
 * Halts what nobody has renewed in time, as an operator or an owner would, and takes the timer away then: once it has halted, only a release
 * opens again. A gate that was away when the time was over halts when it is back.
 */
@Injectable()
export class WatchDeadMen implements OnApplicationShutdown {
  private readonly patience: Patience;
  private timer: NodeJS.Timeout | null = null;
  private loading: Promise<void> | null = null;
  private busy = false;

  constructor(
    private readonly timers: DeadMen,
    private readonly states: TradingStates,
    private readonly lease: GateLease,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {
    this.patience = new Patience(log, 'dead-man timers could not be looked at; the next round tries again');
  }

  start(): void {
    this.timer = setInterval(() => void this.round(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Those of the user; null: all. */
  async of(userId: UserId | null): Promise<readonly DeadMan[]> {
    await this.loaded();
    return this.timers.all().filter(({ ownerId }) => userId === null || ownerId === userId);
  }

  /** What was done is durable. */
  async change(command: Arming): Promise<Refusal | Armed> {
    await this.loaded();
    const known = this.known(command.scope);
    if (known?.operator === true && !command.operator) return needsOperator(command.scope);
    if (command.kind === 'disarm') {
      if (known !== null) await this.timers.disarm(command.scope);
      return 'disarmed';
    }
    const { scope, level, seconds, by, operator, userId: ownerId } = command;
    if (seconds < deadManSeconds.min || seconds > deadManSeconds.max) return outOfRange;
    if (known === null && this.timers.all().length >= armedMax) return tooMany;
    const now = this.clock.now();
    const wanted = { scope, level, seconds, by, operator: operator && by !== ownerId, ownerId };
    // What has run out is about to halt, or has: this is another one.
    const isRenewal = known !== null && known.expiresAt > now && isSame(known, wanted);
    await this.timers.arm({ ...wanted, expiresAt: Timestamp.plus(now, seconds * second) });
    return isRenewal ? 'renewed' : 'armed';
  }

  async round(): Promise<void> {
    if (this.busy || !this.lease.isHeld) return;
    this.busy = true;
    try {
      await this.loaded();
      const now = this.clock.now();
      const due = this.timers.all().filter(({ expiresAt }) => expiresAt <= now);
      // All at once, at most as many as may be armed: each halts from the call on, and what one can not write holds no other up.
      const fired = await Promise.allSettled(due.map((timer) => this.fire(timer)));
      const failed = fired.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
      this.patience.succeeded();
    } catch (error) {
      this.patience.failed(error);
    } finally {
      this.busy = false;
    }
  }

  private async fire({ scope, level, seconds, ownerId, operator, by }: ArmedDeadMan): Promise<void> {
    const text = `Nobody renewed the dead-man timer of ${seconds} s that ${by} had armed.`;
    const word = { scope, state: 'halted' as const, text, by: speaker, ownerId };
    const said = { ...word, level, operator };
    // What an operator has halted stays an operator's.
    await this.states.set({ ...said, operator: isOperators(said, this.states.own(scope)) });
    this.log.warn({ scope: RiskScope.format(scope), level }, 'a dead-man timer has run out: trading is halted');
    // Armed again while the halt was written: that is another one.
    const known = this.known(scope);
    if (known !== null && known.expiresAt <= this.clock.now()) await this.timers.disarm(scope);
  }

  private known(scope: RiskScope): ArmedDeadMan | null {
    const whose = RiskScope.format(scope);
    return this.timers.all().find((one) => RiskScope.format(one.scope) === whose) ?? null;
  }

  private loaded(): Promise<void> {
    this.loading ??= this.timers.load().catch((error: unknown) => {
      this.loading = null;
      throw error;
    });
    return this.loading;
  }
}

const isSame = (known: ArmedDeadMan, { level, seconds, by, operator, ownerId }: Omit<ArmedDeadMan, 'expiresAt'>) =>
  known.level === level &&
  known.seconds === seconds &&
  known.by === by &&
  known.operator === operator &&
  known.ownerId === ownerId;

const needsOperator = (scope: RiskScope): Refusal => ({
  code: 'DEAD_MAN_NEEDS_OPERATOR',
  field: '/scope',
  text: `The timer of ${RiskScope.format(scope)} was armed by an operator, who alone arms it anew or takes it away.`,
  allowed: 'people of role risk or admin',
  next: 'Ask one of them.',
});
const range = `${deadManSeconds.min} to ${deadManSeconds.max}`;
const outOfRange: Refusal = {
  ...{ code: 'OUT_OF_RANGE', field: '/seconds', text: `A timer runs for ${range} seconds.`, allowed: range },
  next: 'Choose a time within it.',
};
const tooMany: Refusal = {
  ...{ code: 'TOO_MANY_DEAD_MEN', field: '/scope', text: `There are ${armedMax} timers already.`, allowed: '' },
  next: 'Take those away that nobody needs: GET /v1/dead-man lists them.',
};
