import { expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { VenueUnreachable } from '../errors.js';
import { RecordingExecutionListener } from './recording-listeners.js';
import type { Standing } from './standing.js';

/** What execution expects when the venue cannot be asked, and of the clocks. */
export function describeWeather(get: () => Standing): void {
  it('throws weather, and never an answer, when the venue cannot be asked', async () => {
    const { venue, orders } = get();
    const id = orders.next();
    const questions = [
      () => venue.deadExecution.lookup(id, venue.instrumentId),
      () => venue.deadExecution.openOrders(null),
      () => venue.deadExecution.balances(),
      () => venue.deadExecution.fillsSince(venue.instrumentId, { since: Timestamp.fromMicros(0) }),
      () => venue.deadExecution.feeRates(venue.instrumentId),
      () => venue.deadExecution.serverTime(),
      () => venue.deadExecution.open(new RecordingExecutionListener()),
      () => venue.deadFeed.instruments(),
    ];
    for (const question of questions) await expect(question()).rejects.toBeInstanceOf(VenueUnreachable);
  });

  it('says of an order to a dead address either that it did not leave or that it does not know', async () => {
    const { venue, orders, quote, expiry } = get();
    const request = orders.resting(quote());
    const outcomes = [await venue.deadExecution.place(request, expiry()), await venue.deadExecution.cancel(request)];
    // A venue that failed too often is not asked to open anything.
    const unsent = ['NOT_CONNECTED', 'VENUE_CIRCUIT_OPEN'];
    for (const outcome of outcomes)
      expect(outcome.kind === 'unknown' || (outcome.kind === 'rejected' && unsent.includes(outcome.code))).toBe(true);
  });

  it('says nothing more and accepts nothing more after it was closed', async () => {
    const { venue, orders, quote, expiry } = get();
    await venue.deadExecution.close();
    expect(venue.deadExecution.state).toBe('closed');
    await expect(venue.deadExecution.balances()).rejects.toBeInstanceOf(VenueUnreachable);
    const outcome = await venue.deadExecution.place(orders.resting(quote()), expiry());
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'NOT_CONNECTED' });
  });

  it('measures how far the clock of the venue is ahead', () => {
    const { venue } = get();
    const measured = venue.execution.clockOffset;
    expect(measured).not.toBeNull();
    expect(venue.execution.venueTime() - venue.clock.now()).toBeLessThan((measured?.offset ?? 0) + second);
  });
}
