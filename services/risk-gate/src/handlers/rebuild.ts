import { type BeforeApplicationShutdown, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { HealthRegistry, Log } from '@scalpstorm/observability';
import { StandBy } from '@scalpstorm/store';
import { approvalGraceMs } from '../domain/gate-settings.js';
import { unlistedSessions } from '../domain/sessions.js';
import { Limits } from '../ports/limits.js';
import { Instruments } from '../ports/standing-source.js';
import { TradingStates } from '../ports/trading-states.js';
import { Verdicts } from '../ports/verdicts.js';
import { AskBalances } from './ask-balances.js';
import { Breakers } from './breakers.js';
import { Gate, GateSettings } from './gate.js';
import { KeepBooks } from './keep-books.js';
import { Patience } from './patience.js';
import { PruneVerdicts } from './prune-verdicts.js';
import { ReleaseReservations } from './release-reservations.js';

const pauseMs = 200;
/** Verdicts that Postgres has not taken by then are only in the stream. */
const drainMsMax = 2_000;

/**
 * Start-up: read what stands, hear events, and open nothing until every approval that an earlier life of the gate
 * may have given has expired and the books were read once more. Closing orders are judged from the first moment.
 */
@Injectable()
export class Rebuild implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private rebuilt = false;
  private stopped = false;

  constructor(
    private readonly gate: Gate,
    private readonly standBy: StandBy,
    private readonly books: KeepBooks,
    private readonly instruments: Instruments,
    private readonly tradingStates: TradingStates,
    private readonly limits: Limits,
    private readonly breakers: Breakers,
    private readonly verdicts: Verdicts,
    private readonly reservations: ReleaseReservations,
    private readonly pruning: PruneVerdicts,
    private readonly balances: AskBalances,
    private readonly settings: GateSettings,
    private readonly log: Log,
    health: HealthRegistry,
  ) {
    health.register('standing', async () => {
      if (!this.rebuilt) throw new Error('the standing is not rebuilt yet');
    });
    health.register('opening', async () => {
      if (this.gate.isRecovering) throw new Error('opening orders are denied until earlier approvals have expired');
    });
  }

  /** False when the service was stopped before it was done. */
  async run(): Promise<boolean> {
    if (!(await this.standBy.run())) return false;
    await this.tradingStates.load();
    await this.limits.load();
    await this.breakers.load();
    await this.verdicts.load();
    await this.instruments.load();
    await this.books.list();
    this.checkSessions();
    await this.readUntilDone();
    if (this.stopped) return false;
    this.rebuilt = true;
    this.reservations.start();
    this.pruning.start();
    this.balances.start();
    this.breakers.start();
    const openAfterMs = this.settings.approvalLifeMs + approvalGraceMs;
    this.timers.push(setTimeout(() => void this.openUp(), openAfterMs));
    this.log.info({ openAfterMs }, 'standing rebuilt; opening orders are denied until earlier approvals have expired');
    return true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.verdicts.drain(drainMsMax);
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
  }

  private checkSessions(): void {
    const names = unlistedSessions(this.settings.sessions ?? new Map(), this.instruments.venues());
    const text = 'RISK_SESSIONS names what no venue lists: nothing ever closes by it; check the spelling of the venue';
    if (names.length > 0) this.log.warn({ names }, text);
  }

  private async openUp(): Promise<void> {
    await this.readUntilDone();
    if (this.stopped) return;
    this.gate.open();
    this.books.start();
    this.log.info({}, 'opening orders are judged');
  }

  private async readUntilDone(): Promise<void> {
    const patience = new Patience(this.log, 'the standing could not be read yet; nothing is opened until it is');
    while (!this.stopped) {
      try {
        return await this.books.read();
      } catch (error) {
        patience.failed(error);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }
}
