import type { Rng } from '@scalpstorm/kernel';
import type { WeatherKind } from './plan.js';

/** How often each kind strikes while it lasts. */
const chances: Readonly<Record<WeatherKind, number>> = {
  'messages-lost': 0.15,
  'messages-late': 0.5,
  'acknowledgements-lost': 0.3,
  'publishes-lost': 0.4,
  'events-unpublished': 1,
  'market-silent': 1,
  'database-away': 1,
  'commits-unknown': 0.3,
  'venue-late': 0.6,
  'venue-lost': 0.5,
  'venue-answers-lost': 0.6,
  'venue-refuses': 0.5,
  'venue-fails': 0.5,
  'venue-unreadable': 0.5,
  'venue-lags': 1,
  'venue-counts-late': 0.7,
  'stream-down': 1,
  'stream-disordered': 0.5,
};

/** What of the network, the database and the venue is bad at this moment. */
export class Weather {
  private readonly now = new Map<WeatherKind, number>();
  private readonly degrees = new Map<WeatherKind, number>();

  constructor(private readonly rng: Rng) {}

  begin(kind: WeatherKind): void {
    this.degrees.set(kind, this.rng.next());
    this.now.set(kind, (this.now.get(kind) ?? 0) + 1);
  }

  end(kind: WeatherKind): void {
    this.now.set(kind, Math.max(0, (this.now.get(kind) ?? 0) - 1));
  }

  /** From 0 to 1, the same as long as it lasts. */
  degreeOf(kind: WeatherKind): number {
    return this.degrees.get(kind) ?? 0;
  }

  endAll(): void {
    this.now.clear();
  }

  is(kind: WeatherKind): boolean {
    return (this.now.get(kind) ?? 0) > 0;
  }

  /** Whether it strikes this one. */
  strikes(kind: WeatherKind): boolean {
    return this.is(kind) && this.rng.next() < chances[kind];
  }
}
