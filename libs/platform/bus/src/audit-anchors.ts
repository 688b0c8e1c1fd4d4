import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type AuditMark, auditAnchored, type Speaker } from '@scalpstorm/contracts';
import type { Clock } from '@scalpstorm/kernel';
import type { Log } from '@scalpstorm/observability';
import type { Bus } from './bus.js';
import { newMeta } from './meta.js';

const everyMs = 10 * 60_000;
/** A service that ends does not wait longer for it. */
const lastMsMax = 1_000;

/** The newest row of a chain of the audit. */
export interface ChainEnd {
  readonly chain: string;
  readonly mark: AuditMark;
}

export interface AuditAnchorsOptions {
  readonly bus: Pick<Bus, 'send'>;
  readonly service: Speaker;
  readonly clock: Clock;
  readonly log: Log;
  /** Those that are written here. */
  readonly ends: () => Promise<readonly ChainEnd[]>;
}

/**
 * Tells the end of each chain that has grown outside of the database: to the stream AUDIT and to the log. Every ten minutes and at
 * the shutdown. What could not be told is told the next time; the chain goes on without.
 */
@Injectable()
export class AuditAnchors implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #told = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: AuditAnchorsOptions) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.tell(), everyMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    let late: NodeJS.Timeout | undefined;
    await Promise.race([
      this.tell(),
      new Promise((resolve) => {
        late = setTimeout(resolve, lastMsMax);
      }),
    ]);
    clearTimeout(late);
  }

  /** Never throws. */
  async tell(): Promise<void> {
    const { log, ends } = this.options;
    try {
      for (const end of await ends()) await this.#anchor(end);
    } catch (error) {
      log.warn({ error }, 'an audit chain could not be anchored; tried again later');
    }
  }

  async #anchor({ chain, mark }: ChainEnd): Promise<void> {
    const { bus, service, clock, log } = this.options;
    if (mark.sequence === 0 || this.#told.get(chain) === mark.sequence) return;
    // First, because it needs nobody.
    log.info({ chain, sequence: mark.sequence, chainHash: mark.hash }, 'an audit chain was anchored');
    const id = `audit:${service}:${chain}:${mark.sequence}:${mark.hash}`;
    await bus.send(auditAnchored, { meta: newMeta(clock, null), service, chain, mark }, id);
    this.#told.set(chain, mark.sequence);
  }
}
