import { describe, expect, it } from '@jest/globals';
import { millisecond, Timestamp } from '@scalpstorm/kernel';
import { clockComplaint } from './clock-offset.js';

const measured = (offsetMs: number, roundTripMs = 0) => ({
  offset: offsetMs * millisecond,
  roundTrip: roundTripMs * millisecond,
  measuredAt: Timestamp.fromMicros(1),
});

describe('two clocks', () => {
  it.each([measured(0), measured(100), measured(-100), measured(140, 80)])('agree at %p', (offset) => {
    expect(clockComplaint(offset)).toBeNull();
  });

  it('disagree beyond a tenth of a second, and say which is ahead by how much', () => {
    expect(clockComplaint(measured(101))).toMatch(/^the clock of the venue is 101 ms ahead of ours, limit 100 ms/);
    expect(clockComplaint(measured(-2_000, 50))).toMatch(/2000 ms behind ours/);
  });

  it('say nothing before they were compared', () => {
    expect(clockComplaint(null)).toBeNull();
  });
});
