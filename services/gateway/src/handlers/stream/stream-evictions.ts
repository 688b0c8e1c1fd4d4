import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import { Standings } from '../../ports/standings.js';
import { Departures } from '../../use-cases/departures.js';
import { LiveHub } from './live-hub.js';

/** Somebody whom another gateway shut out listens at most so long. */
const everyMs = 1_000;

/**
 * Ends the streams of those who may listen no more: sessions that have ended, users who were disabled, keys that were revoked.
 * One question a second about everybody who listens here, whichever gateway it was that shut them out; at once when it was this one.
 */
@Injectable()
export class StreamEvictions implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #again = false;

  constructor(
    private readonly hub: LiveHub,
    private readonly standings: Standings,
    departures: Departures,
    private readonly log: Log,
  ) {
    departures.onTold(() => void this.look());
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.look(), everyMs);
  }

  beforeApplicationShutdown(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** One look at a time; what is told meanwhile is looked at next. */
  async look(): Promise<void> {
    this.#again = this.#looking;
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.#evict();
    } catch (error) {
      this.log.warn({ error }, 'it is not known whose streams have to end; asked again in a second');
    } finally {
      this.#looking = false;
    }
    if (this.#again) await this.look();
  }

  async #evict(): Promise<void> {
    const listening = this.hub.listening();
    if (listening.length === 0) return;
    const ids = (of: 'session' | 'key') => [
      ...new Set(listening.flatMap(({ credential }) => (credential?.kind === of ? [credential.id] : []))),
    ];
    const ended = await this.standings.ended({ sessions: ids('session'), keys: ids('key') });
    if (ended.size === 0) return;
    for (const session of listening) {
      if (session.credential !== null && ended.has(session.credential.id)) session.shutOut();
    }
  }
}
