import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { checkNames } from '@scalpstorm/backtest';
import { seededRng } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { barStrategies, versionText } from '@scalpstorm/strategies';
import { commandLine } from './scene.js';

const folder = mkdtempSync(join(tmpdir(), 'certify-'));
afterAll(() => rmSync(folder, { recursive: true }));

const data = join(folder, 'walk.csv');
const rng = seededRng(5);
let price = 100;
const rows = Array.from({ length: 3_000 }, (_, bar) => {
  const open = price;
  price *= Math.exp(0.001 * rng.gaussian());
  return [1_600_000_000 + 60 * bar, open, Math.max(open, price), Math.min(open, price), price, 10].join(',');
});
writeFileSync(data, ['time,open,high,low,close,volume', ...rows].join('\n'));

/** As the services know it. */
function versionOf(id: string, parameters: JsonObject): string {
  const strategy = barStrategies.get(id)?.configure(parameters);
  if (!strategy?.ok) throw new Error(`no ${id}`);
  return createHash('sha256').update(versionText(strategy.value)).digest('hex');
}

async function certify(...args: readonly string[]) {
  return await commandLine(['certify', '--data', data, ...args]);
}

/** A process of its own: only there the platform's own way of loading modules is in force. */
function certifyApart(file: string, ...args: readonly string[]) {
  const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  return spawnSync(process.execPath, [program, 'certify', '--data', data, '--strategy', file, ...args], {
    encoding: 'utf8',
  });
}

describe('scalpstorm certify', () => {
  it('certifies a built-in, and writes the same certificate each time', async () => {
    const [one, other] = [join(folder, 'one.json'), join(folder, 'other.json')];
    const told = await certify('--strategy', 'ema-cross', '--set', 'fast=5', '--set', 'slow=20', '--out', one);
    expect(told).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/^passed {2}truncation: cut at/),
    });
    expect(told.stdout).toMatch(/ema-cross, version [0-9a-f]{12}, over 3000 bars .*: certified\n$/);
    await certify('--strategy', 'ema-cross', '--set', 'fast=5', '--set', 'slow=20', '--out', other);
    expect(readFileSync(one, 'utf8')).toBe(readFileSync(other, 'utf8'));
    expect(JSON.parse(readFileSync(one, 'utf8'))).toMatchObject({
      format: 1,
      strategy: 'ema-cross',
      parameters: { fast: 5, slow: 20 },
      version: versionOf('ema-cross', { fast: 5, slow: 20 }),
      codeHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      dataHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      valid: true,
    });
  });

  it('certifies one that places its orders, with the parameters that it was given and all others', async () => {
    const file = join(folder, 'grid.json');
    const set = ['--set', 'lower=98', '--set', 'upper=102', '--set', 'levels=5', '--set', 'quantity=1'];
    const told = await certify('--strategy', 'grid', ...set, '--bars', '400', '--out', file);
    expect(told).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      format: 1,
      strategy: 'grid',
      parameters: { lower: '98', upper: '102', levels: 5, quantity: '1', spacing: 'geometric', startAbove: 'wait' },
      version: expect.stringMatching(/^[0-9a-f]{64}$/),
      bars: 400,
      checks: checkNames.map((name) => ({ name, passed: true, text: expect.any(String), next: null })),
      warnings: [],
      valid: true,
    });
  });

  it('chooses what has no default by the first price, and says so', async () => {
    const { status, stdout } = await certify('--strategy', 'grid', '--set', 'levels=4', '--bars', '200', '--json');
    expect(status).toBe(0);
    const { parameters, warnings } = JSON.parse(stdout);
    expect(parameters).toMatchObject({ levels: 4, lower: '98', upper: '102', quantity: '1' });
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'PARAMETERS_CHOSEN' }));
  });

  it('says why one that acts on predictions has no certificate', async () => {
    const { status, stderr } = await certify('--strategy', 'model-signal');
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^NO_PREDICTIONS: model-signal acts on/)]);
  });

  it.each([
    ['grid', ['--set', 'lower=102', '--set', 'upper=98'], 'INVALID_PARAMETERS'],
    ['grid', ['--bars', '5'], 'INVALID_OPTION'],
    ['grid', ['--tick', '0'], 'NOT_ALLOWED'],
    ['ema-cross', ['--tick', '0.1'], 'OTHER_WAY'],
  ])('says what is wrong with %s %j', async (strategy, args, code) => {
    const { status, stderr } = await certify('--strategy', strategy, ...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(code)]);
  });

  it('refuses a module that keeps what it saw in an earlier run', () => {
    const file = join(folder, 'clairvoyant.ts');
    writeFileSync(
      file,
      `import { defineBarStrategy } from '@scalpstorm/strategies';
      const seen = new Map<number, number>();
      export const clairvoyant = defineBarStrategy({
        id: 'clairvoyant', title: 'Clairvoyant', description: 'Knows.', source: 'A dream.', parameters: {}, warmUp: () => 1,
        decider: () => ({
          onClose(bar, desk) {
            seen.set(bar.openedAt, bar.close);
            if ((seen.get(bar.openedAt + 60e6) ?? 0) > bar.close) desk.enter(); else desk.exit();
          },
          snapshot: () => ({}),
          restore: () => undefined,
        }),
      });`,
    );
    const { status, stdout, stderr } = certifyApart(file);
    expect(status).toBe(1);
    expect(stdout).toMatch(/FAILED {2}truncation: at bar \d+ of /);
    expect(stderr).toMatch(/^CERTIFICATE_REFUSED: clairvoyant is not to be believed: truncation/);
  });

  it('does not pass a module that ends the process while it decides', () => {
    const file = join(folder, 'leaves.mjs');
    writeFileSync(
      file,
      `import { exit } from 'node:process';
      import { defineBarStrategy } from '@scalpstorm/strategies';
      export const leaves = defineBarStrategy({
        id: 'leaves', title: 'Leaves', description: 'Ends.', source: 'None.', parameters: {}, warmUp: () => 1,
        decider: () => ({
          onClose: ({ index }) => { if (index > 50) exit(0); },
          snapshot: () => ({}),
          restore: () => undefined,
        }),
      });`,
    );
    const { status, stdout, stderr } = certifyApart(file, '--json');
    expect([status, JSON.parse(stdout)]).toEqual([
      1,
      { error: expect.objectContaining({ code: 'STRATEGY_MODULE_EXITS' }) },
    ]);
    expect(stderr).toMatch(/^STRATEGY_MODULE_EXITS: /);
  });

  it.each([
    ['--seed', '-1', 'INVALID_OPTION'],
    ['--seed', 'x', 'INVALID_OPTION'],
    ['--out', join(folder, 'no', 'such', 'folder.json'), 'FILE_NOT_WRITTEN'],
  ])('says what is wrong with %s %s', async (flag, value, code) => {
    const { status, stderr } = await certify('--strategy', 'ema-cross', flag, value);
    expect(status).toBe(2);
    expect(stderr).toContain(code);
  });
});
