import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { HealthRegistry, Metrics } from '@scalpstorm/observability';
import { anAccount } from '@scalpstorm/testkit';
import type { ClockOffset } from '@scalpstorm/venue-api';
import type { Venues } from '../ports/venues.js';
import { WatchClocks } from './watch-clocks.js';

describe('the clocks of venues', () => {
  it('are well while they agree, and named with the account when they are apart; execution goes on', async () => {
    let clockOffset: ClockOffset | null = null;
    const venues = { accounts: () => [anAccount()], venueOf: () => ({ clockOffset }) } as unknown as Venues;
    let now = 0;
    const health = new HealthRegistry(() => now);
    health.enter('serving');
    const watch = new WatchClocks(venues, health, new Metrics('execution'));
    expect((await health.report()).checks['clock']).toMatchObject({ status: 'up', critical: false });
    clockOffset = { offset: 3 * second, roundTrip: 0, measuredAt: Timestamp.fromMicros(0) };
    now += 10_000;
    const report = await health.report();
    expect(report.checks['clock']).toMatchObject({
      status: 'down',
      error: expect.stringMatching(/account demo: .*3000 ms ahead/),
    });
    expect(report.ready).toBe(true);
    watch.onApplicationShutdown();
  });
});
