import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandLine } from './scene.js';

const folder = mkdtempSync(join(tmpdir(), 'report-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function scalpstorm(...args: readonly string[]) {
  return await commandLine(args);
}

const file = join(folder, 'wave.csv');
const rows = Array.from({ length: 2_000 }, (_, at) => {
  const price = 100 + 5 * Math.sin(at / 40);
  return [1_640_995_200 + 60 * at, price, price + 0.2, price - 0.2, price + 0.05, 10].join(',');
});
writeFileSync(file, ['time,open,high,low,close,volume', ...rows, ''].join('\n'));

const backtest = (...more: readonly string[]) =>
  scalpstorm('backtest', '--strategy', 'ema-cross', '--data', file, ...more, '--json');
const bytesOf = (name: string): readonly string[] =>
  readdirSync(join(folder, name)).map((one) => `${one} ${readFileSync(join(folder, name, one), 'utf8')}`);
const at = (name: string): string => join(folder, name);

describe('a kept backtest', () => {
  beforeAll(async () => {
    await backtest('--set', 'fast=10', '--set', 'slow=30', '--out', at('first'), '--report', at('first.html'));
    await backtest('--set', 'fast=10', '--set', 'slow=30', '--out', at('again'), '--report', at('again.html'));
    await backtest('--set', 'fast=20', '--set', 'slow=60', '--out', at('slow'));
    await backtest('--set', 'fast=10', '--set', 'slow=30', '--fee-bps', '1', '--out', at('cheap'));
  });

  it('is the same bytes twice, without the time that it took or a place on this machine', () => {
    expect(readdirSync(at('first'))).toEqual(['series.json', 'summary.json', 'trades.jsonl']);
    expect(bytesOf('first')).toEqual(bytesOf('again'));
    const page = readFileSync(at('first.html'), 'utf8');
    expect(readFileSync(at('again.html'), 'utf8')).toBe(page);
    for (const text of [page, ...bytesOf('first')]) expect(text).not.toMatch(new RegExp(`${folder}|barsPerSecond`));
  });

  it('gives the same page later, to a file or to the standard output', async () => {
    const page = readFileSync(at('first.html'), 'utf8');
    expect(await scalpstorm('report', at('first'))).toEqual({ status: 0, stdout: page, stderr: '' });
    expect(await scalpstorm('report', at('first'), '--out', at('later.html'))).toMatchObject({ status: 0, stdout: '' });
    expect(readFileSync(at('later.html'), 'utf8')).toBe(page);
  });

  it('says its summary as JSON', async () => {
    const { stdout } = await scalpstorm('report', at('first'), '--json');
    const told = JSON.parse((await backtest('--set', 'fast=10', '--set', 'slow=30')).stdout);
    const {
      provenance,
      summary: { pointName, ...summary },
    } = JSON.parse(stdout);
    expect(pointName).toBe('bars');
    expect(told).toMatchObject(summary);
    expect(provenance).toEqual({
      path: 'event-driven',
      codeHash: told.codeHash,
      platformHash: told.codeHash,
      data: [{ name: 'wave.csv', hash: told.dataHash }],
      seeds: [],
    });
  });

  it('stands beside others, in a table, as JSON and on a page', async () => {
    const { stdout, status } = await scalpstorm('compare', at('first'), at('slow'), '--report', at('both.html'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\tfirst\tslow\n/);
    expect(stdout).toContain('fast\t10\t20\n');
    expect(stdout).not.toContain('_DIFFER');
    expect(readFileSync(at('both.html'), 'utf8')).toContain('first · slow');
    const { isComparable, figures } = JSON.parse(
      (await scalpstorm('compare', at('first'), at('slow'), '--json')).stdout,
    );
    expect(isComparable).toBe(true);
    expect(figures[0]).toMatchObject({ id: 'return', values: [expect.any(Number), expect.any(Number)] });
  });

  it('has a page for a search, too, that is the same bytes twice', async () => {
    const search = [
      'optimise',
      '--strategy',
      'ema-cross',
      '--data',
      file,
      '--space',
      'fast=5..10:5',
      '--space',
      'slow=20..30:10',
    ];
    const pages: string[] = [];
    for (const name of ['one', 'two']) {
      const told = await scalpstorm(
        ...search,
        '--trials',
        at(`${name}.jsonl`),
        '--report',
        at(`${name}.html`),
        '--json',
      );
      expect(told).toMatchObject({ status: 0, stderr: '' });
      pages.push(readFileSync(at(`${name}.html`), 'utf8'));
    }
    expect(pages[0]).toContain('Scalpstorm · optimisation');
    expect(pages[0]).toContain('wave.csv');
    expect(pages[1]).toBe(pages[0]);
    expect(pages[0]).not.toContain(folder);
  });

  it('is not called comparable under other assumptions', async () => {
    const { stdout } = await scalpstorm('compare', at('first'), at('cheap'));
    expect(stdout).toContain('! ASSUMPTIONS_DIFFER: ');
    expect(stdout).toContain('→ Run them with the same flags');
    expect(stdout).not.toContain(' *');
  });

  it.each([
    [['report', 'nowhere'], 2, 'REPORT_NOT_FOUND: there is no '],
    [['report', 'first', '--out', 'no/folder.html'], 2, 'FILE_NOT_WRITTEN'],
    [['compare', 'first'], 2, 'name 2 to 4 folders'],
    [['compare', 'first', 'slow', 'cheap', 'again', 'first'], 2, 'name 2 to 4 folders'],
    [['compare', 'first', 'newer'], 1, 'REPORT_VERSION_UNKNOWN'],
    [['report', 'damaged'], 1, 'REPORT_UNREADABLE'],
  ])('is refused clearly: %j', async (args, status, hint) => {
    await backtest('--out', at('newer'));
    const summary = readFileSync(join(at('newer'), 'summary.json'), 'utf8');
    writeFileSync(join(at('newer'), 'summary.json'), summary.replace('"version": 1', '"version": 99'));
    await backtest('--out', at('damaged'));
    writeFileSync(join(at('damaged'), 'series.json'), '{"kind": ');
    const [command = '', ...rest] = args;
    const told = await scalpstorm(command, ...rest.map((one) => (one.startsWith('--') ? one : at(one))));
    expect(told).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(hint) });
  });
});
