import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { keptJournal, spoken } from './replay/scene.js';

const folder = mkdtempSync(join(tmpdir(), 'gap-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, lines: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, lines.join('\n'));
  return file;
}

/** The bot wants to buy at 100 from 1970 on; the third bar reaches that, the fifth 101. */
const journal = fileOf('kept.jsonl', keptJournal());
const bars = (time: (second: number) => string) =>
  [100.5, 100.5, 99.5, 100.5, 101.5].map((price, at) => [time(at), price, price, price, price, 10].join(','));
const data = fileOf('bars.csv', [
  'time,open,high,low,close,volume',
  ...bars((at) => new Date(1_000 * at).toISOString()),
]);
const ofModule = (line: string): string => line.replaceAll('"scalping-cycle"', '"my-dip"');
const gap = (...args: readonly string[]) => spoken(['gap', ...args], folder);

describe('scalpstorm gap', () => {
  it('runs the bot of a kept session over bars, and tells what it missed', async () => {
    const { code, stdout } = await gap('--from', journal, '--data', data, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      strategy: 'scalping-cycle',
      currency: 'USDT',
      rows: [{ kind: 'missed', side: 'long', live: null, backtest: { entry: { price: '100' } } }],
      totals: { live: 0, backtest: 1, missed: 1 },
    });
    const told = await gap('--from', journal, '--data', data);
    expect(told.stdout).toContain(
      'scalping-cycle, 1970-01-01 00:00:00 to 1970-01-01 00:00:02: 0 trades live, 1 in the backtest',
    );
    expect(told.stdout).toContain('causes: queue 1');
  });

  it('runs the bot anew, with its parameters, from each edit on', async () => {
    const lines = keptJournal();
    const { entry } = JSON.parse(lines[0] ?? '');
    // Before the price falls to 100 it is to buy at 99.
    const changes = { by: 'edit', at: 2e6, parameters: { ...entry.parameters, buyPrice: { fixed: '99' } } };
    const edited = JSON.stringify({ number: lines.length + 1, entry: { ...entry, ...changes } });
    const { code, stdout } = await gap('--from', fileOf('edited.jsonl', [...lines, edited]), '--data', data, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rows: [], totals: { backtest: 0 } });
  });

  it.each([
    ['neither a bot nor a file', [], 'ASKED_WRONGLY'],
    ['a timeframe that is none', ['--from', journal, '--timeframe', '2s'], 'INVALID_OPTION'],
    ['data without times', ['--from', journal, '--data', fileOf('no.csv', ['a,b', '1,2'])], 'NOT_CANDLES'],
    [
      'data of another time',
      ['--from', journal, '--data', fileOf('late.csv', ['time,open', '1700000000,1'])],
      'NO_CANDLES',
    ],
    [
      'a bot of a module, without its folder',
      ['--from', fileOf('own.jsonl', keptJournal().map(ofModule)), '--data', data],
      'STRATEGY_NOT_LOADED',
    ],
    ['an empty journal', ['--from', fileOf('empty', []), '--data', data], 'JOURNAL_EMPTY'],
  ] as const)('refuses %s', async (_name, args, code) => {
    const told = await gap(...args);
    expect(told.stderr).toContain(`${code}: `);
    expect(told.code).toBeGreaterThan(0);
  });
});
