import type { OnApplicationShutdown } from '@nestjs/common';
import type { HealthRegistry, Log } from '@scalpstorm/observability';
import type { Lease } from './lease.js';

export interface StandByOptions {
  readonly lease: Pick<Lease, 'take' | 'release' | 'isHeld'>;
  readonly log: Log;
  readonly health: HealthRegistry;
}

const pauseMs = 200;
const releaseMsMax = 1_000;

/** Waits until this process is the one writer of its service, says so while it is not, and gives the lease back at its end. */
export class StandBy implements OnApplicationShutdown {
  private waitingFor: string | null = null;
  private readonly stop = new AbortController();

  constructor(private readonly options: StandByOptions) {
    options.health.register('lease', async () => {
      if (this.waitingFor !== null) throw new Error(`waiting for the lease, which ${this.waitingFor} holds`);
      if (!options.lease.isHeld) throw new Error('the lease is not held: Postgres could not be asked in time');
    });
  }

  /** False when the service was stopped before its turn came. */
  async run(): Promise<boolean> {
    const { lease, log } = this.options;
    const { signal } = this.stop;
    while (!signal.aborted) {
      const holder = await lease.take();
      if (holder === null) break;
      if (holder !== this.waitingFor) log.info({ holder }, 'another process has the lease; standing by');
      this.waitingFor = holder;
      await pause(pauseMs, signal);
    }
    this.waitingFor = null;
    return !signal.aborted;
  }

  /** Nothing is heard any more by now. Where Postgres is away, the lease ends by itself. */
  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    const { lease, log } = this.options;
    const late = new AbortController();
    const released = lease.release().catch((error: unknown) => {
      log.warn({ error }, 'the lease could not be given back; a successor waits until it ends');
    });
    await Promise.race([released, pause(releaseMsMax, late.signal)]);
    late.abort();
  }
}

/** Ends at once when it is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
}
