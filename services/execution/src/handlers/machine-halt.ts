import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import { riskQuestion } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { RiskScope, UserId } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { Pause } from '../ports/pause.js';
import { TradingHalts, type TradingWord } from '../ports/trading-halts.js';
import { CancelOpening } from './cancel-opening.js';

const retryMs = 1_000;
const askMs = 2_000;

/**
 * Somebody at the machine halts the platform, and this process may be the only one that lives. From the call on no opening order leaves; what
 * is open and would open is canceled, the halt is kept, and the gate is told, each as soon as it can be done and whatever keeps the others.
 * It is over when a word of the gate is heard that is newer.
 */
@Injectable()
export class MachineHalt {
  private readonly by = UserId.of(`machine:${hostname().replace(/[^\x21-\x7e]/g, '')}`);
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly halts: TradingHalts,
    private readonly cancelOpening: CancelOpening,
    private readonly bus: Bus,
    private readonly pause: Pause,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /** Resolves when all of it is done, or when a newer word of the gate made it needless. */
  press(): Promise<void> {
    const since = this.later(this.clock.now());
    const level = 'cancel' as const;
    const word = {
      scope: RiskScope.platform,
      state: 'halted' as const,
      text: `by a signal on ${this.by}`,
      since,
      level,
    };
    this.log.warn({ by: this.by }, 'trading of the platform is halted by a signal on this machine');
    const kept = this.halts.hear(word);
    kept.catch(() => undefined);
    this.last = Promise.all([
      this.until(word, 'the halt could not be kept', () => this.halts.hear(word), kept),
      this.until(word, 'open orders could not be canceled', () => this.cancelOpening.run(word.scope, null)),
      this.until(word, 'the risk gate could not be told', () => this.tell(word)),
    ]).then(() => undefined);
    return this.last;
  }

  /** Than what was heard last, also where the clock of the gate is ahead of ours. */
  private later(now: Timestamp): Timestamp {
    const known = this.halts.own(RiskScope.platform)?.since ?? null;
    return known === null || known < now ? now : Timestamp.fromMicros(known + 1);
  }

  private async until(
    word: TradingWord,
    complaint: string,
    work: () => Promise<unknown>,
    first: Promise<unknown> | null = null,
  ): Promise<void> {
    let attempt = first;
    for (let told = false; this.holds(word); told = true) {
      try {
        await (attempt ?? work());
        return;
      } catch (error) {
        stopOnBrokenInvariant(error);
        if (!told) this.log.warn({ error }, `${complaint}; it is tried every second, and nothing opens meanwhile`);
      }
      attempt = null;
      await this.pause.for(retryMs);
    }
  }

  /** A release of the gate is newer; so is its own word about this halt, which then holds. */
  private holds({ scope, since }: TradingWord): boolean {
    const own = this.halts.own(scope);
    return own === null || own.since <= since;
  }

  private async tell(word: TradingWord): Promise<void> {
    const said = { scope: word.scope, state: word.state, text: word.text, by: this.by, operator: true };
    const command = { kind: 'set' as const, commandId: randomUUID(), userId: null, level: 'cancel' as const, ...said };
    const answer = await this.bus.ask(riskQuestion, command, askMs);
    if (!answer.ok) throw new Error(answer.refusals[0]?.code ?? 'refused');
    // By the gate's own clock from now on: or a release might seem older than this halt.
    const since = answer.value.states?.[0]?.since ?? null;
    const own = this.halts.own(word.scope) ?? word;
    if (since !== null && own.since === word.since) await this.halts.adopt({ ...own, since }, own);
  }
}
