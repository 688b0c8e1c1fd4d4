import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Log, WallClock } from '@scalpstorm/observability';
import { RateLimits } from '../../ports/rate-limits.js';
import { type Peer, StreamDoor } from '../../ports/stream-door.js';
import { StreamAdmission } from '../../use-cases/stream-admission.js';
import { LiveHub } from './live-hub.js';
import { SnapshotSlots } from './snapshot-slots.js';
import { Snapshots } from './snapshots.js';
import { type SessionContext, StreamSession } from './stream-session.js';

const authWithinMs = 5_000;
/** Prices are merged to at most this rate for each client. */
const tickMs = 100;

/** Websocket clients: lets them in, and keeps them up to date. */
@Injectable()
export class StreamHandler implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #context: SessionContext;
  #ticker: NodeJS.Timeout | null = null;

  constructor(
    private readonly door: StreamDoor,
    private readonly hub: LiveHub,
    admission: StreamAdmission,
    snapshots: Snapshots,
    slots: SnapshotSlots,
    rateLimits: RateLimits,
    clock: WallClock,
    log: Log,
  ) {
    const onFault = (error: unknown) =>
      log.warn({ error }, 'a websocket client could not be served; it is tried again');
    this.#context = { admission, snapshots, slots, rateLimits, hub, clock, onFault };
  }

  onApplicationBootstrap(): void {
    this.door.open((peer) => this.#accept(peer));
    this.#ticker = setInterval(() => this.hub.tick(), tickMs);
  }

  onApplicationShutdown(): void {
    if (this.#ticker !== null) clearInterval(this.#ticker);
  }

  #accept(peer: Peer): StreamSession {
    let timer: NodeJS.Timeout | null = null;
    const session = new StreamSession(peer, this.#context, (gone) => {
      if (timer !== null) clearTimeout(timer);
      this.hub.remove(gone);
    });
    timer = setTimeout(() => session.endUnlessIdentified(), authWithinMs);
    this.hub.add(session);
    const { ticket } = peer;
    if (ticket !== null) session.onText(JSON.stringify({ op: 'auth', ticket }));
    return session;
  }
}
