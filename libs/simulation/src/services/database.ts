import { millisecond, type Rng } from '@scalpstorm/kernel';
import { CommitUnknown, StoreUnavailable } from '@scalpstorm/store';
import type { CrashPoint } from '../faults/crash-points.js';
import type { Weather } from '../faults/weather.js';
import type { SimProcess } from './sim-process.js';

export interface DatabaseParts {
  readonly process: SimProcess;
  readonly rng: Rng;
  readonly weather: Weather;
}

interface Points {
  readonly before?: CrashPoint;
  readonly after?: CrashPoint;
}

/** Postgres as one process sees it: over a network, sometimes away, and sometimes not telling whether it has committed. */
export class Database {
  constructor(private readonly parts: DatabaseParts) {}

  read<T>(look: () => T, points: Points = {}): Promise<T> {
    return this.ask(look, points);
  }

  write<T>(write: () => T, points: Points = {}): Promise<T> {
    return this.ask(write, points);
  }

  /** @throws CommitUnknown where nobody knows whether it was committed */
  async commit<T>(write: () => T, points: Points): Promise<T> {
    const { weather, rng } = this.parts;
    if (!weather.strikes('commits-unknown')) return this.ask(write, points);
    const committed = rng.below(2) === 0;
    await this.ask<unknown>(() => (committed ? write() : null), points);
    throw new CommitUnknown('the connection was lost at COMMIT');
  }

  private async ask<T>(effect: () => T, points: Points): Promise<T> {
    const { process, rng, weather } = this.parts;
    return process.call({
      ...points,
      there: 200 + rng.below(800),
      back: 100 + rng.below(400) + (weather.is('database-away') ? 50 * millisecond : 0),
      effect: () => {
        if (weather.is('database-away')) throw new StoreUnavailable('Postgres is away');
        return effect();
      },
    });
  }
}
