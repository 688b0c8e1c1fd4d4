import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import fc from 'fast-check';
import { ChangeLog, keptForMicros, keptMax } from './change-log.js';

const start = Timestamp.fromMicros(1_700_000_000_000_000);
const numbers = (changes: readonly { readonly seq: number }[] | null) => changes?.map(({ seq }) => seq) ?? null;

describe('a log of changes', () => {
  it('numbers without a gap and gives back what came after a number', () => {
    const log = new ChangeLog('e');
    for (const row of ['a', 'b', 'c']) log.append(row, start, start);
    expect(log.since(2)?.map(({ seq, row }) => [seq, row])).toEqual([
      [3, 'b'],
      [4, 'c'],
    ]);
    expect(numbers(log.since(1))).toEqual([2, 3, 4]);
    expect(log.since(4)).toEqual([]);
  });

  it('says no to a number that it has not reached, and to one that is no number of it', () => {
    const log = new ChangeLog('e');
    log.append('a', start, start);
    expect(log.since(3)).toBeNull();
    expect(log.since(0)).toBeNull();
  });

  it('forgets what is older than five minutes', () => {
    const log = new ChangeLog('e');
    log.append('old', start, start);
    log.append('new', start, Timestamp.plus(start, keptForMicros + 1));
    expect(log.since(1)).toBeNull();
    expect(numbers(log.since(2))).toEqual([3]);
  });

  it('whatever was appended, a client that asks gets exactly what it missed or is told that some is gone', () => {
    fc.assert(
      fc.property(fc.nat(keptMax + 200), fc.nat(keptMax + 300), (count, before) => {
        const log = new ChangeLog('e');
        for (let index = 1; index <= count; index += 1) log.append(index, start, start);
        const expected =
          before > count || count - before > keptMax
            ? null
            : Array.from({ length: count - before }, (_, index) => before + 2 + index);
        expect(numbers(log.since(before + 1))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});
