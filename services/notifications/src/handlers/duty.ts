import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { HealthRegistry, Log } from '@scalpstorm/observability';
import { DutyLease } from '../ports/duty-lease.js';
import { KnownBots } from '../ports/known-bots.js';
import { Profiles } from '../ports/profiles.js';
import { Lanes } from './lanes.js';
import { RenewSecrets } from './renew-secrets.js';
import { TelegramUpdates } from './telegram-updates.js';
import { TellGathered } from './tell-gathered.js';

const askEveryMs = 500;
const releaseMsMax = 1_000;

/**
 * One process at a time hears, polls and sends; another one that is started beside it, as a rolling update does, is ready and stands
 * by. It takes over when the first gives the lease back or dies, and reads only then who is told: nothing is told twice or missed.
 */
@Injectable()
export class Duty implements OnApplicationShutdown {
  private waitingFor: string | null = null;
  private timer: NodeJS.Timeout | undefined;
  private beginning: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(
    private readonly lease: DutyLease,
    private readonly profiles: Profiles,
    private readonly bots: KnownBots,
    private readonly secrets: RenewSecrets,
    private readonly lanes: Lanes,
    private readonly gathered: TellGathered,
    private readonly updates: TelegramUpdates,
    private readonly log: Log,
    health: HealthRegistry,
  ) {
    const check = async () => {
      if (this.waitingFor !== null) throw new Error(`standing by: ${this.waitingFor} is on duty`);
    };
    // Not critical: whoever stands by is as well as whoever is on duty, and a rolling update waits for it to be ready.
    health.register('duty', check, { critical: false });
  }

  /** Resolves when this process is on duty, or stands by for another. `hear` starts to hear events and questions. */
  begin(hear: () => Promise<void>): Promise<void> {
    this.beginning = this.ask(hear);
    return this.beginning;
  }

  async onApplicationShutdown(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.beginning;
    await Promise.all([this.lanes.close(), this.gathered.close(), this.updates.close()]);
    await this.giveBack();
  }

  private async ask(hear: () => Promise<void>): Promise<void> {
    const holder = await this.lease.take();
    if (holder !== null) {
      if (this.waitingFor !== holder) this.log.info({ holder }, 'another process is on duty; standing by');
      this.waitingFor = holder;
      if (!this.ended) this.timer = setTimeout(() => this.askAgain(hear), askEveryMs);
      return;
    }
    // Who is told, and what the bots were, is known before the first event is heard.
    await Promise.all([this.profiles.load(), this.bots.load()]);
    await this.secrets.run();
    await hear();
    this.lanes.start();
    this.gathered.start();
    this.updates.start();
    if (this.waitingFor !== null) this.log.info({ before: this.waitingFor }, 'on duty now');
    this.waitingFor = null;
  }

  private askAgain(hear: () => Promise<void>): void {
    this.beginning = this.ask(hear).catch((error: unknown) => {
      this.log.warn({ error }, 'the duty could not be taken; it is tried again');
      if (!this.ended) this.timer = setTimeout(() => this.askAgain(hear), askEveryMs);
    });
  }

  /** Where Postgres is away, the lease ends by itself. */
  private async giveBack(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, releaseMsMax);
    });
    const released = this.lease.release().catch((error: unknown) => {
      this.log.warn({ error }, 'the duty could not be given back; a successor waits until its lease ends');
    });
    await Promise.race([released, late]);
    clearTimeout(timer);
  }
}
