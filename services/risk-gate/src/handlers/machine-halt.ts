import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { RiskScope } from '@scalpstorm/model';
import { Log } from '@scalpstorm/observability';
import { GateLease } from '../ports/gate-lease.js';
import { TradingStates } from '../ports/trading-states.js';
import { Patience } from './patience.js';

const retryMs = 1_000;

/**
 * Somebody at the machine halts the platform at level cancel. It holds from the call on; it is kept and told as soon as Postgres takes it,
 * unless somebody has said something else since.
 */
@Injectable()
export class MachineHalt implements OnApplicationShutdown {
  private readonly by = `machine:${hostname().replace(/[^\x21-\x7e]/g, '')}`;
  private readonly patience: Patience;
  private stopped = false;
  /** A test makes it shorter. */
  pause: (ms: number) => Promise<void> = (ms) => delay(ms, undefined, { ref: false });

  constructor(
    private readonly states: TradingStates,
    private readonly lease: GateLease,
    private readonly log: Log,
  ) {
    this.patience = new Patience(log, 'the halt of this machine could not be kept; it holds, and is tried again');
  }

  onApplicationShutdown(): void {
    this.stopped = true;
  }

  /** Resolves when it is durable, or needless. */
  async press(): Promise<void> {
    if (!this.lease.isHeld) {
      this.log.error({}, 'a signal halts nothing here, because another gate leads: signal that one, or execution');
      return;
    }
    this.log.warn({ by: this.by }, 'trading of the platform is halted by a signal on this machine');
    const { platform } = RiskScope;
    const text = `by a signal on ${this.by}`;
    const word = { scope: platform, state: 'halted' as const, text, by: this.by, operator: true, ownerId: null };
    while (!this.stopped) {
      try {
        await this.states.set({ ...word, level: 'cancel' });
        this.patience.succeeded();
        return;
      } catch (error) {
        this.patience.failed(error);
      }
      await this.pause(retryMs);
      // Somebody has said something else since, and that stands.
      if (this.states.own(platform).by !== this.by) return;
    }
  }
}
