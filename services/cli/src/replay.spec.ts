import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { keptJournal, spoken } from './replay/scene.js';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = keptJournal();

function fileOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const replay = (...args: readonly string[]) => spoken(['replay', ...args], folder);

describe('scalpstorm replay', () => {
  const kept = fileOf('kept.jsonl', lines.join('\n'));
  const own = fileOf('own.jsonl', lines.join('\n').replaceAll('"scalping-cycle"', '"my-dip"'));
  const empty = mkdtempSync(join(folder, 'modules-'));

  it('tells that a journal comes out equal, and keeps it where it is asked to', async () => {
    const copy = join(folder, 'copy.jsonl');
    const { code, stdout } = await replay('--from', kept, '--save', copy);
    expect(stdout).toBe('3 steps, 1 orders, 1 cancels, 1970-01-01 00:00:00 to 1970-01-01 00:00:02: equal\n');
    expect(code).toBe(0);
    expect(readFileSync(copy, 'utf8').trim().split('\n')).toEqual(lines);
  });

  it('ends with 1 at the first step that comes out differently, and tells it', async () => {
    const changed = fileOf('changed.jsonl', lines.join('\n').replace('"price":"100"', '"price":"100.5"'));
    const { code, stdout, stderr } = await replay('--from', changed);
    expect(code).toBe(1);
    expect(stderr).toContain('REPLAY_DIFFERS: row 2 comes out differently');
    expect(stdout).toContain('not equal\nrow 2, 1970-01-01 00:00:00, on started\n  was [');
    const [told] = (await replay('--from', changed, '--json')).stdout.split('\n');
    expect(JSON.parse(told ?? '')).toMatchObject({ equal: false, difference: { number: 2, heard: 'started' } });
  });

  it('tells a gap', async () => {
    const holed = fileOf('holed.jsonl', lines.filter((_, at) => at !== 2).join('\n'));
    const { code, stdout } = await replay('--from', holed);
    expect(stdout).toContain('gap before row 4: rows before it are missing\n');
    expect(stdout).toContain('equal but for 1 gap\n');
    expect(code).toBe(0);
  });

  it.each([
    ['neither a bot nor a file', [], 'ASKED_WRONGLY', 2],
    ['both', ['scalper', '--from', kept], 'ASKED_WRONGLY', 2],
    ['no such file', ['--from', join(folder, 'none')], 'FILE_UNREADABLE', 2],
    ['no JSON', ['--from', fileOf('text', 'a\n')], 'FILE_UNREADABLE', 2],
    ['another file', ['--from', fileOf('other', '{"a":1}\n')], 'NOT_A_JOURNAL', 2],
    ['a bot of a module, without its folder', ['--from', own], 'STRATEGY_NOT_LOADED', 2],
    ['a bot of a module that is not in the folder', ['--from', own, '--strategies', empty], 'STRATEGY_NOT_LOADED', 2],
    ['a folder that is none', ['--from', kept, '--strategies', join(folder, 'none')], 'STRATEGIES_DIR_UNREADABLE', 2],
    ['an empty one', ['--from', fileOf('empty', '')], 'JOURNAL_EMPTY', 1],
    [
      'rows of another kind',
      ['--from', fileOf('odd', '{"number":1,"entry":{"kind":"odd","at":1}}\n')],
      'JOURNAL_UNREADABLE',
      1,
    ],
  ] as const)('refuses %s', async (_name, args, code, exitCode) => {
    const told = await replay(...args);
    expect(told.stderr).toContain(`${code}: `);
    expect(told.code).toBe(exitCode);
  });
});
