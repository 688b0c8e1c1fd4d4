import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import { second, Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { HearingLag } from '../../domain/hearing-lag.js';
import { Projection } from '../../ports/projection.js';
import { LiveTells } from '../stream/live-tells.js';

const everyMs = 5_000;
/** Longer than an approval of the last moment lives and takes to be heard of here. */
const hearingOutMicros = 60 * second;

/**
 * Ends orders by hand that were asked for and never heard of again: the gate was away for so long that the stream forgot the request,
 * or nothing of it came through. Not while news is late or the bus is away, because then it may have been judged in time.
 */
@Injectable()
export class UnheardRequests implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly projection: Projection,
    private readonly live: LiveTells,
    private readonly lag: HearingLag,
    private readonly bus: Bus,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.end().catch((error: unknown) =>
        this.log.warn({ error }, 'requests that nobody judged could not be ended; tried again later'),
      );
    }, everyMs);
  }

  beforeApplicationShutdown(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  async end(): Promise<void> {
    if (this.bus.state !== 'connected' || this.lag.isCatchingUp) return;
    const now = this.clock.now();
    for (const { userId, view } of await this.projection.endUnheard(Timestamp.plus(now, -hearingOutMicros), now)) {
      const entity = { id: ClientOrderId.of(view.clientOrderId), rank: view.version };
      await this.live.tell({ channel: 'orders', userId, row: view, entity, at: now });
    }
  }
}
