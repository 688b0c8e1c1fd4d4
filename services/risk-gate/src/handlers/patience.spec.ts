import { expect, it } from '@jest/globals';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { Patience } from './patience.js';

it('notes what is waited for, warns when it lasts, and begins anew after a success', () => {
  const log = new RecordingLog();
  let now = 0;
  const patience = new Patience(log, 'not yet', () => now);
  const levelsAfter = (ms: number, reason = 'away'): string[] => {
    now += ms;
    patience.failed(new Error(reason));
    return log.lines.map(({ level }) => level);
  };
  expect(levelsAfter(0)).toEqual(['info']);
  expect(levelsAfter(9_999)).toEqual(['info']);
  expect(levelsAfter(1)).toEqual(['info', 'warn']);
  expect(levelsAfter(5_000)).toEqual(['info', 'warn']);
  expect(levelsAfter(0, 'another reason')).toEqual(['info', 'warn', 'warn']);
  patience.succeeded();
  expect(levelsAfter(60_000)).toEqual(['info', 'warn', 'warn', 'info']);
});
