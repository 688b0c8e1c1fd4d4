import { Injectable } from '@nestjs/common';
import { Timestamp } from '@scalpstorm/kernel';
import { Log, WallClock } from '@scalpstorm/observability';
import type { KeySighting } from '../domain/key-sighting.js';
import { placeOf } from '../domain/place-of.js';

const sightingsMax = 5_000;

/** Remembers the uses of keys for a minute: a request must not wait for it, and a use is no fact of its own. */
@Injectable()
export class KeySightings {
  #seen = new Map<string, KeySighting>();
  #lost = 0;

  constructor(
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  note(key: KeySighting['key'], clientAddress: string, refusal: string | null): void {
    const now = this.clock.now();
    const place = placeOf(clientAddress);
    this.#add({ key, place, refusal, times: 1, firstAt: now, lastAt: now });
  }

  /** All of them; they are forgotten here. */
  take(): readonly KeySighting[] {
    const taken = [...this.#seen.values()];
    if (this.#lost > 0) this.log.warn({ lost: this.#lost }, 'keys come from more addresses than are remembered');
    this.#seen = new Map();
    this.#lost = 0;
    return taken;
  }

  /** What could not be written down is kept for the next time. */
  giveBack(taken: readonly KeySighting[]): void {
    for (const sighting of taken) this.#add(sighting);
  }

  #add(sighting: KeySighting): void {
    const name = `${sighting.key?.id ?? ''} ${sighting.place} ${sighting.refusal ?? ''}`;
    const known = this.#seen.get(name);
    if (known === undefined) {
      if (this.#seen.size < sightingsMax) this.#seen.set(name, sighting);
      else this.#lost += 1;
      return;
    }
    this.#seen.set(name, {
      ...known,
      times: known.times + sighting.times,
      firstAt: Timestamp.fromMicros(Math.min(known.firstAt, sighting.firstAt)),
      lastAt: Timestamp.fromMicros(Math.max(known.lastAt, sighting.lastAt)),
    });
  }
}
