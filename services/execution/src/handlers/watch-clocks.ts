import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HealthRegistry, Metrics } from '@scalpstorm/observability';
import { clockComplaint } from '@scalpstorm/venue-api';
import { Venues } from '../ports/venues.js';

const everyMs = 5_000;

/** Says when our clock and a venue's are apart: every expiry of a request is a time of the venue. */
@Injectable()
export class WatchClocks implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private readonly offset;

  constructor(
    private readonly venues: Venues,
    health: HealthRegistry,
    metrics: Metrics,
  ) {
    this.offset = metrics.gauge({
      name: 'venue_clock_offset_seconds',
      help: 'How far the clock of the venue of an account is ahead of ours.',
      labels: ['account'],
    });
    health.register('clock', async () => this.requireAgreement(), { critical: false });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.measure(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private measure(): void {
    for (const { id } of this.venues.accounts()) {
      const measured = this.venues.venueOf(id)?.clockOffset ?? null;
      if (measured !== null) this.offset.set({ account: id }, measured.offset / 1e6);
    }
  }

  private requireAgreement(): void {
    for (const { id } of this.venues.accounts()) {
      const complaint = clockComplaint(this.venues.venueOf(id)?.clockOffset ?? null);
      if (complaint !== null) throw new Error(`account ${id}: ${complaint}`);
    }
  }
}
