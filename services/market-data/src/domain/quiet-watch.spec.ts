import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { QuietWatch } from './quiet-watch.js';

const at = (seconds: number): Timestamp => Timestamp.fromMicros(seconds * 1_000_000);
const dueSeconds = (watch: QuietWatch, until: number): number[] =>
  Array.from({ length: until }, (_, second) => second + 1).filter((second) => watch.due(at(second)));

describe('a watch over a quiet stream', () => {
  it('asks less and less often while nothing comes', () => {
    const watch = new QuietWatch(10_000_000);
    watch.heard(at(0));
    expect(dueSeconds(watch, 200)).toEqual([10, 30, 70, 150]);
  });

  it('begins anew when something came, and asks nothing without a connection', () => {
    const watch = new QuietWatch(10_000_000);
    expect(dueSeconds(watch, 100)).toEqual([]);
    watch.heard(at(0));
    expect(dueSeconds(watch, 30)).toEqual([10, 30]);
    watch.heard(at(30));
    expect(watch.due(at(39))).toBe(false);
    expect(watch.due(at(40))).toBe(true);
    watch.rest();
    expect(watch.due(at(500))).toBe(false);
  });

  it('never waits longer than 64 times the first interval', () => {
    const watch = new QuietWatch(1_000_000);
    watch.heard(at(0));
    const asked = dueSeconds(watch, 1_000);
    expect(Math.max(...asked.slice(1).map((second, index) => second - (asked[index] ?? 0)))).toBe(64);
  });
});
