import { type BeforeApplicationShutdown, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { HealthRegistry, Log } from '@scalpstorm/observability';
import { GateLease } from '../ports/gate-lease.js';
import { Instruments } from '../ports/standing-source.js';
import { TradingStates } from '../ports/trading-states.js';
import { Verdicts } from '../ports/verdicts.js';
import { AskBalances } from './ask-balances.js';
import { Gate, GateSettings } from './gate.js';
import { KeepBooks } from './keep-books.js';
import { Patience } from './patience.js';
import { PruneVerdicts } from './prune-verdicts.js';
import { ReleaseReservations } from './release-reservations.js';

const pauseMs = 200;
/** After the last old approval expired, execution may still be committing the mark that it began in time. */
const graceMs = 1_000;
/** Verdicts that Postgres has not taken by then are only in the stream. */
const drainMsMax = 2_000;
const releaseMsMax = 1_000;

/**
 * Start-up: read what stands, hear events, and open nothing until every approval that an earlier life of the gate
 * may have given has expired and the books were read once more. Closing orders are judged from the first moment.
 */
@Injectable()
export class Rebuild implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private waitingFor: string | null = null;
  private rebuilt = false;
  private stopped = false;

  constructor(
    private readonly gate: Gate,
    private readonly lease: GateLease,
    private readonly books: KeepBooks,
    private readonly instruments: Instruments,
    private readonly tradingStates: TradingStates,
    private readonly verdicts: Verdicts,
    private readonly reservations: ReleaseReservations,
    private readonly pruning: PruneVerdicts,
    private readonly balances: AskBalances,
    private readonly settings: GateSettings,
    private readonly log: Log,
    health: HealthRegistry,
  ) {
    health.register('lease', async () => {
      if (this.waitingFor !== null) throw new Error(`waiting for the lease, which ${this.waitingFor} holds`);
      if (!this.lease.isHeld) throw new Error('the lease could not be renewed; nothing is judged until it is');
    });
    health.register('standing', async () => {
      if (!this.rebuilt) throw new Error('the standing is not rebuilt yet');
    });
    health.register('opening', async () => {
      if (this.gate.isRecovering) throw new Error('opening orders are denied until earlier approvals have expired');
    });
  }

  /** False when the service was stopped before it was done. */
  async run(): Promise<boolean> {
    await this.takeLease();
    if (this.stopped) return false;
    await this.tradingStates.load();
    await this.verdicts.load();
    await this.instruments.load();
    await this.books.list();
    await this.readUntilDone();
    if (this.stopped) return false;
    this.rebuilt = true;
    this.reservations.start();
    this.pruning.start();
    this.balances.start();
    const openAfterMs = this.settings.approvalLifeMs + graceMs;
    this.timers.push(setTimeout(() => void this.openUp(), openAfterMs));
    this.log.info({ openAfterMs }, 'standing rebuilt; opening orders are denied until earlier approvals have expired');
    return true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.verdicts.drain(drainMsMax);
  }

  /** Nothing is heard any more by now: a successor may judge. */
  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.giveLeaseBack();
  }

  /** Where Postgres is away, the lease ends by itself. */
  private async giveLeaseBack(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, releaseMsMax);
    });
    const released = this.lease.release().catch((error) => {
      this.log.warn({ error }, 'the lease could not be given back; a successor waits until it ends');
    });
    await Promise.race([released, late]);
    clearTimeout(timer);
  }

  private async takeLease(): Promise<void> {
    while (!this.stopped) {
      const holder = await this.lease.take();
      if (holder === null) break;
      if (holder !== this.waitingFor) this.log.info({ holder }, 'another risk gate judges; waiting for its lease');
      this.waitingFor = holder;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    this.waitingFor = null;
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
