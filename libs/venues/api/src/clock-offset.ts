import { type Micros, millisecond, type Timestamp } from '@scalpstorm/kernel';

/** How far a venue's clock is ahead of ours: `venue time ≈ our time + offset`, give or take half the round trip. */
export interface ClockOffset {
  readonly offset: Micros;
  readonly roundTrip: Micros;
  /** By our clock. */
  readonly measuredAt: Timestamp;
}

/** Farther apart than this one of the two clocks is wrong: requests expire too early or too late, and ages of events mean nothing. */
export const clockOffsetMax: Micros = 100 * millisecond;

/** What an operator has to know about the clocks; null while they agree. Half the round trip is the error of the measurement. */
export function clockComplaint(measured: ClockOffset | null): string | null {
  if (measured === null) return null;
  const { offset, roundTrip } = measured;
  if (Math.abs(offset) - roundTrip / 2 <= clockOffsetMax) return null;
  const side = offset > 0 ? 'ahead of' : 'behind';
  const by = `${Math.round(Math.abs(offset) / 1_000)} ms`;
  return `the clock of the venue is ${by} ${side} ours, limit ${clockOffsetMax / 1_000} ms: check the time service of this machine`;
}
