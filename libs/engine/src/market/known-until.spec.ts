import { expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { knownUntil } from './known-until.js';

const at = (micros: number) => Timestamp.fromMicros(micros);

it.each<[string, number | undefined, number, number, number, number]>([
  ['the first event is as old as what it tells', undefined, 40, 50, 60, 40],
  ['what stands is as old as its telling', 10, 50, 50, 60, 50],
  ['the time on the bus counts', 10, 50, 50, 900, 50],
  ['a late event does not make a newer picture old', 800, 50, 50, 900, 800],
  ['a clock of market-data that is ahead makes nothing newer than now', undefined, 950, 950, 900, 900],
  ['a picture from before our clock was put back is dropped', 5_000, 890, 890, 900, 890],
])('%s', (_, before, madeAt, recordedAt, heardAt, until) => {
  const telling = { recordedAt: at(recordedAt), heardAt: at(heardAt) };
  expect(knownUntil(before === undefined ? undefined : at(before), at(madeAt), telling)).toBe(until);
});
