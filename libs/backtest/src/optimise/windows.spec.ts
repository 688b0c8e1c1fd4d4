import { describe, expect, it } from '@jest/globals';
import { purgedFolds, walkForwardWindows } from './windows.js';

const spans = (stretches: readonly { readonly from: number; readonly to: number }[]) =>
  stretches.map(({ from, to }) => `${from}-${to}`).join(' ');

function windows(length: number, train: number, test: number, anchored = false): readonly string[] | string {
  const found = walkForwardWindows(length, { train, test, anchored });
  return found.ok ? found.value.map((one) => `${spans([one.train])} → ${spans([one.test])}`) : found.error.code;
}

describe('the windows of a walk forward', () => {
  it('roll: every training as long, every test right after it', () => {
    expect(windows(100, 40, 20)).toEqual(['0-40 → 40-60', '20-60 → 60-80', '40-80 → 80-100']);
  });

  it('are anchored: every training from the beginning', () => {
    expect(windows(100, 40, 20, true)).toEqual(['0-40 → 40-60', '0-60 → 60-80', '0-80 → 80-100']);
  });

  it('end with the data, the last test shorter where it must be', () => {
    expect(windows(70, 40, 20)).toEqual(['0-40 → 40-60', '20-60 → 60-70']);
    expect(windows(62, 40, 20)).toEqual(['0-40 → 40-60', '20-60 → 60-62']);
    expect(windows(61, 40, 20)).toEqual(['0-40 → 40-61']);
  });

  it.each([
    [100, 99, 5],
    [100, 1, 5],
    [100, 50, 1],
    [100, 50.5, 5],
    [100_000, 100, 2],
  ])('are refused: %d bars, %d to train, %d to test', (length, train, test) => {
    expect(windows(length, train, test)).toBe('WINDOWS_NOT_ALLOWED');
  });
});

type Numbers = readonly [length: number, groups: number, testGroups: number, purge: number, embargo: number];

function folds(...[length, groups, testGroups, purge, embargo]: Numbers): readonly string[] | string {
  const found = purgedFolds(length, { groups, testGroups, purge, embargo });
  return found.ok ? found.value.map(({ test, train }) => `${spans(test)} | ${spans(train)}`) : found.error.code;
}

describe('purged folds', () => {
  it('leave out what a trade or an indicator could carry into a test, on both sides of it', () => {
    expect(folds(100, 5, 1, 3, 0)).toEqual([
      '0-20 | 23-100',
      '20-40 | 0-17 43-100',
      '40-60 | 0-37 63-100',
      '60-80 | 0-57 83-100',
      '80-100 | 0-77',
    ]);
  });

  it('have an embargo after the test that counts from its end, whatever was purged there', () => {
    expect(folds(100, 5, 1, 3, 10).slice(0, 3)).toEqual([
      '0-20 | 30-100',
      '20-40 | 0-17 50-100',
      '40-60 | 0-37 70-100',
    ]);
    expect(folds(100, 5, 1, 3, 2)[0]).toBe('0-20 | 23-100');
  });

  it('are as equal as bars allow, and leave none out', () => {
    expect(folds(11, 3, 1, 0, 0)).toEqual(['0-3 | 3-11', '3-7 | 0-3 7-11', '7-11 | 0-7']);
  });

  it('test every pair of groups where two are tested at a time, neighbours as one stretch', () => {
    expect(folds(100, 4, 2, 5, 10)).toEqual([
      '0-50 | 60-100',
      '0-25 50-75 | 35-45 85-100',
      '0-25 75-100 | 35-70',
      '25-75 | 0-20 85-100',
      '25-50 75-100 | 0-20 60-70',
      '50-100 | 0-45',
    ]);
    expect(folds(1_000, 10, 3, 0, 0)).toHaveLength(120);
  });

  it('share no bar between training and test, and keep their distance', () => {
    const [purge, embargo] = [7, 19];
    const found = purgedFolds(1_003, { groups: 7, testGroups: 2, purge, embargo });
    for (const { test, train } of found.ok ? found.value : []) {
      for (const one of train) {
        for (const other of test) {
          expect(one.to <= other.from - purge || one.from >= other.to + embargo).toBe(true);
        }
      }
    }
    expect(found.ok && found.value.length).toBe(21);
  });

  it.each<Numbers>([
    [100, 1, 1, 0, 0],
    [100, 5, 5, 0, 0],
    [100, 5, 0, 0, 0],
    [100, 5, 1, -1, 0],
    [100, 5, 1, 0, 0.5],
    [100, 2, 1, 60, 0],
    [9, 5, 1, 0, 0],
    [10_000, 20, 10, 0, 0],
  ])('are refused: %d bars, %d groups, %d to test, purge %d, embargo %d', (...numbers) => {
    expect(folds(...numbers)).toBe('WINDOWS_NOT_ALLOWED');
  });
});
