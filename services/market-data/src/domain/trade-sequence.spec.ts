import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import fc from 'fast-check';
import { type SequencedAt, type SequenceVerdict, TradeSequence } from './trade-sequence.js';

const tradeOf = (sequence: number | null, second = sequence ?? 0): SequencedAt => ({
  sequence,
  occurredAt: Timestamp.fromMicros(second * 1_000_000),
});

const verdictsOf = (...sequences: readonly number[]): readonly SequenceVerdict['kind'][] => {
  const judge = new TradeSequence();
  return sequences.map((sequence) => judge.judge(tradeOf(sequence)).kind);
};

describe('the sequence of trades', () => {
  const table: readonly [string, readonly number[], readonly SequenceVerdict['kind'][]][] = [
    ['begins anywhere', [7, 8, 9], ['next', 'next', 'next']],
    ['tells a repeat', [7, 8, 8, 7], ['next', 'next', 'duplicate', 'duplicate']],
    ['tells a gap once', [7, 10, 11], ['next', 'gap', 'next']],
    ['takes what was missing when it comes late', [7, 10, 9, 8], ['next', 'gap', 'late', 'late']],
    ['tells a repeat of a late one', [7, 10, 9, 9], ['next', 'gap', 'late', 'duplicate']],
  ];
  it.each(table)('%s', (_, sequences, expected) => {
    expect(verdictsOf(...sequences)).toEqual(expected);
  });

  it('names the missing numbers, and since when they are missing', () => {
    const judge = new TradeSequence();
    judge.judge(tradeOf(7));
    expect(judge.judge(tradeOf(10))).toEqual({ kind: 'gap', from: 8, to: 9, since: tradeOf(7).occurredAt });
    expect(judge.missingCount).toBe(2);
    judge.giveUp(8, 9);
    expect(judge.judge(tradeOf(8)).kind).toBe('duplicate');
  });

  it('sees that the venue began to count anew when the counter goes back while time goes on', () => {
    const judge = new TradeSequence();
    judge.judge(tradeOf(1_000, 50));
    expect(judge.judge(tradeOf(3, 51)).kind).toBe('restarted');
    expect(judge.judge(tradeOf(4, 52)).kind).toBe('next');
  });

  it('passes everything of a venue that does not count', () => {
    const judge = new TradeSequence();
    expect([judge.judge(tradeOf(null)).kind, judge.judge(tradeOf(null)).kind]).toEqual(['next', 'next']);
  });

  it('takes every trade exactly once in whatever order and however often it is delivered', () => {
    const deliveries = fc
      .shuffledSubarray([...Array(40).keys()], { minLength: 40 })
      .chain((order) =>
        fc.array(fc.constantFrom(...order), { maxLength: 40 }).map((repeats) => [...order, ...repeats]),
      );
    fc.assert(
      fc.property(deliveries, (delivered) => {
        const judge = new TradeSequence();
        judge.judge(tradeOf(-1, 0));
        // Venue time does not go on in this property, so a lower number is never a new count.
        const taken = delivered.filter((sequence) => judge.judge(tradeOf(sequence, 0)).kind !== 'duplicate');
        expect([...taken].sort((a, b) => a - b)).toEqual([...Array(40).keys()]);
        expect(judge.missingCount).toBe(0);
      }),
    );
  });
});
