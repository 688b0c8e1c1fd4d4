import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { commandLine } from './scene.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const dip = join(root, 'examples/strategies/office-hours-dip.json');
const folder = mkdtempSync(join(tmpdir(), 'strategy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const strategy = (...args: readonly string[]) => command('strategy', ...args);

async function command(...args: readonly string[]) {
  return await commandLine(args, { XDG_CONFIG_HOME: folder });
}

/** As a user starts it: what is made is loaded by Node, not by a test's own loader. */
const started = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [join(root, 'services/cli/bin/scalpstorm.mjs'), ...args], { cwd: folder }).toString();

describe('scalpstorm strategy new', () => {
  it('makes a strategy that is checked, tested, typed and run, wherever it lies', async () => {
    expect(await strategy('new', 'my-cross', '--in', folder)).toMatchObject({ status: 0 });
    expect(readdirSync(join(folder, 'my-cross')).toSorted()).toEqual([
      'README.md',
      'my-cross.test.ts',
      'my-cross.ts',
      'node_modules',
      'package.json',
      'tsconfig.json',
    ]);
    expect(started('strategy', 'test', 'my-cross')).toContain('pass 2');
    expect(started('strategy', 'check', 'my-cross/my-cross.ts')).toContain(
      'my-cross keeps what every strategy must keep.',
    );
    expect(execFileSync(process.execPath, ['--test'], { cwd: join(folder, 'my-cross') }).toString()).toContain(
      'fail 0',
    );
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(folder, 'my-cross')]);
    // Its test is one that can fail.
    const file = join(folder, 'my-cross/my-cross.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('desk.exit()', 'desk.enter()'));
    const broken = await strategy('test', join(folder, 'my-cross'));
    expect(broken).toMatchObject({ status: 1, stderr: expect.stringContaining('TESTS_FAILED') });
  });

  it.each(['My Cross', 'a--b', '1st', '../up', '', 'x'.repeat(41)])('refuses the name %j', async (name) => {
    expect(await strategy('new', name, '--in', folder)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('INVALID_NAME'),
    });
  });

  it('takes no name that the platform has', async () => {
    for (const name of ['ema-cross', 'grid'])
      expect(await strategy('new', name, '--in', folder)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining(`ID_TAKEN: the id ${name} comes with the platform.`),
      });
    expect(readdirSync(folder)).not.toContain('grid');
  });

  it('writes over nothing', async () => {
    await strategy('new', 'calm', '--in', folder);
    const told = await strategy('new', 'calm', '--in', folder);
    expect(told).toMatchObject({ status: 2, stderr: expect.stringContaining('ALREADY_THERE') });
  });
});

describe('a rule', () => {
  it('is imported by versions, found by its id, and exported as it was', async () => {
    expect(await strategy('import', dip)).toMatchObject({ status: 0, stdout: 'office-hours-dip, version 1\n' });
    expect(await strategy('import', dip)).toMatchObject({
      stdout: 'office-hours-dip is there already, as version 1\n',
    });
    const changed = { ...JSON.parse(readFileSync(dip, 'utf8')), title: 'Another dip' };
    const file = join(folder, 'changed.json');
    writeFileSync(file, JSON.stringify(changed));
    expect(await strategy('import', file)).toMatchObject({ stdout: 'office-hours-dip, version 2\n' });
    const { data } = JSON.parse((await strategy('list', '--json')).stdout);
    expect(data).toContainEqual(
      expect.objectContaining({ id: 'office-hours-dip', title: 'Another dip', kind: 'own, version 2' }),
    );
    expect(data).toContainEqual(expect.objectContaining({ id: 'ema-cross', kind: 'built-in' }));
    for (const [id, expected] of [
      ['office-hours-dip', changed],
      ['office-hours-dip@1', JSON.parse(readFileSync(dip, 'utf8'))],
    ]) {
      const out = join(folder, `${id}.json`);
      expect(await strategy('export', String(id), '--out', out)).toMatchObject({ status: 0 });
      expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(expected);
      expect(await strategy('export', String(id), '--out', out)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('ALREADY_THERE'),
      });
    }
  });

  it('is run by its id, and its version is in what a run says of the code', async () => {
    const data = join(root, 'libs/indicators/fixtures/btcusdt-1s.csv');
    const hashOf = async (id: string) => {
      const { stdout, stderr } = await command('backtest', '--strategy', id, '--data', data, '--json');
      expect(stderr).toBe('');
      return JSON.parse(stdout).codeHash as string;
    };
    const [first, second, newest] = [
      await hashOf('office-hours-dip@1'),
      await hashOf('office-hours-dip@2'),
      await hashOf('office-hours-dip'),
    ];
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect([second === first, second === newest]).toEqual([false, true]);
  });

  it('that is wrong is told at its nodes', async () => {
    const file = join(folder, 'wrong.json');
    const text = readFileSync(dip, 'utf8').replace('"rsi"', '"rsy"').replace('"bars-held"', '"age"');
    writeFileSync(file, text);
    const { status, stdout } = await strategy('check', file, '--json');
    const { error } = JSON.parse(stdout);
    expect([status, error.code]).toEqual([2, 'RULE_REFUSED']);
    expect(error.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/enter/all/1/left/indicator',
      '/exit/any/1/left/position',
    ]);
    writeFileSync(file, text.slice(0, 100));
    expect(await strategy('check', file)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('STRATEGY_FILE_DAMAGED'),
    });
  });

  it.each([
    [['export', 'ema-cross', '--out', 'x.json'], 'STRATEGY_IS_CODE'],
    [['show', 'office-ours-dip'], 'UNKNOWN_STRATEGY'],
    [['show', './none.json'], 'STRATEGY_FILE_MISSING'],
    [['check', dip, '--set', 'gain=99'], 'INVALID_PARAMETERS'],
    [['test', './nowhere'], 'NO_FOLDER'],
    [['sho'], "did you mean 'show'?"],
  ])('is asked for rightly: %j', async (args, text) => {
    expect(await strategy(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(text) });
  });

  it('does not take the name of one that comes with the platform', async () => {
    const file = join(folder, 'taken.json');
    writeFileSync(file, readFileSync(dip, 'utf8').replace('"office-hours-dip"', '"ema-cross"'));
    const refused = { status: 2, stderr: expect.stringContaining('ID_TAKEN') };
    expect(await strategy('import', file)).toMatchObject(refused);
    expect(await strategy('check', file)).toMatchObject(refused);
    expect(await strategy('check', 'ema-cross')).toMatchObject({ status: 0 });
  });
});

describe('a module', () => {
  it('that ends whoever loads it is named, and ends nobody', async () => {
    const file = join(folder, 'leaves.mjs');
    writeFileSync(file, 'process.exit(0);');
    expect(await strategy('check', file)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('STRATEGY_MODULE_EXITS'),
    });
  });
});

describe('scalpstorm strategy show', () => {
  it('tells the rule, its source and its parameters', async () => {
    const { stdout } = await strategy('show', 'ema-cross');
    expect(stdout).toContain('Source\tThe dual moving average crossover');
    expect(stdout).toContain('fast\t1 to 5000, whole\t10\tFast average.');
  });

  it('gives programs the schema', async () => {
    const told = JSON.parse((await strategy('show', dip, '--json')).stdout);
    expect(told).toMatchObject({
      id: 'office-hours-dip',
      kind: 'rule',
      warmUp: 199,
      hasFastPath: false,
      schema: { properties: { patience: { type: 'integer', default: 240 } } },
    });
  });
});
