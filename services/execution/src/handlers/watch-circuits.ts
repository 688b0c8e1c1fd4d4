import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { VenueId } from '@scalpstorm/model';
import { HealthRegistry, Metrics } from '@scalpstorm/observability';
import { type CircuitState, circuitStates } from '@scalpstorm/venue-api';
import { Venues } from '../ports/venues.js';

const everyMs = 1_000;

/** Says when a venue failed so often that nothing which opens is sent there. */
@Injectable()
export class WatchCircuits implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private readonly circuit;

  constructor(
    private readonly venues: Venues,
    health: HealthRegistry,
    metrics: Metrics,
  ) {
    this.circuit = metrics.gauge({
      name: 'venue_circuit',
      help: 'The circuit breaker of a venue: 0 closed, 1 half-open, 2 open, when it failed too often and opens nothing.',
      labels: ['venue'],
    });
    health.register('circuit', async () => this.requireClosed(), { critical: false });
  }

  onApplicationBootstrap(): void {
    this.measure();
    this.timer = setInterval(() => this.measure(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  measure(): void {
    for (const [venue, state] of this.states()) this.circuit.set({ venue }, circuitStates.indexOf(state));
  }

  /** Of accounts of one venue at several addresses the worst. */
  private states(): ReadonlyMap<VenueId, CircuitState> {
    const states = new Map<VenueId, CircuitState>();
    for (const { id, venue } of this.venues.accounts()) {
      const state = this.venues.venueOf(id)?.circuit ?? 'closed';
      const worst = states.get(venue) ?? 'closed';
      states.set(venue, circuitStates.indexOf(state) > circuitStates.indexOf(worst) ? state : worst);
    }
    return states;
  }

  private requireClosed(): void {
    for (const [venue, state] of this.states())
      if (state !== 'closed')
        throw new Error(`venue ${venue}: it failed too often, so no order that opens is sent there (${state})`);
  }
}
