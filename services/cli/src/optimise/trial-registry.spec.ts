import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { plainMarket } from '@scalpstorm/backtest';
import { TrialRegistry } from './trial-registry.js';

const folder = mkdtempSync(join(tmpdir(), 'registry-'));
afterAll(() => rmSync(folder, { recursive: true }));
const bars = { kind: 'integer', title: 'Bars', description: 'Bars.', default: 0, min: 0, max: 999 } as const;
const declared = { fast: bars, slow: bars, of: bars };
const counted = {
  dataHash: 'd',
  codeHash: 'c',
  strategy: 'ema-cross',
  declared,
  market: plainMarket(10_000, 1),
  barsAYear: 8_760,
};

async function registryAt(name: string, of = counted): Promise<TrialRegistry> {
  const registry = new TrialRegistry(join(folder, name), of);
  await registry.read();
  return registry;
}

describe('the registry of trials', () => {
  it('counts what was made before, each once, and how unlike they are', async () => {
    const first = await registryAt('a');
    for (const [fast, sharpe] of [0.01, 0.02, 0.06].entries()) first.add({ fast }, sharpe);
    first.add({ fast: 1 }, 0.02);
    first.add({ slow: 0, fast: 1 }, 0.02);
    first.close();
    const second = await registryAt('a');
    second.add({ fast: 2 }, 0.06);
    second.add({ fast: 3 }, 0.11);
    const mean = (0.01 + 0.02 + 0.06 + 0.11) / 4;
    const squares = [0.01, 0.02, 0.06, 0.11].reduce((sum, one) => sum + (one - mean) ** 2, 0);
    expect(second.made().count).toBe(4);
    expect(second.made().variance).toBeCloseTo(squares / 3, 15);
    second.close();
    expect((await registryAt('a')).made()).toEqual(second.made());
  });

  it('counts another strategy apart, and other data, code and costs as further trials', async () => {
    const first = await registryAt('b');
    first.add({ fast: 1 }, 0.1);
    first.close();
    const count = async (changes: Partial<typeof counted>) => {
      const registry = await registryAt('b', { ...counted, ...changes });
      registry.add({ fast: 1 }, 0.1);
      registry.close();
      return registry.made().count;
    };
    expect(await count({})).toBe(1);
    expect(await count({ strategy: 'other' })).toBe(1);
    expect(await count({ dataHash: 'other' })).toBe(2);
    expect(await count({ codeHash: 'other' })).toBe(3);
    expect(await count({ market: plainMarket(10_000, 2) })).toBe(4);
  });

  it('takes how unlike they are from bars of the same length, and from no line that does not say how long its bars are', async () => {
    const hours = await registryAt('g');
    hours.add({ fast: 1 }, 0.1);
    hours.add({ fast: 2 }, 0.3);
    hours.close();
    const line = { v: 1, data: 'd', strategy: 'ema-cross', trial: 'old', parameters: {}, sharpe: 7 };
    appendFileSync(join(folder, 'g'), `\n${JSON.stringify(line)}`);
    const days = await registryAt('g', { ...counted, dataHash: 'days', barsAYear: 365 });
    days.add({ fast: 1 }, 2);
    days.close();
    expect(days.made()).toEqual({ count: 4, variance: 0 });
    const again = (await registryAt('g')).made();
    expect(again.count).toBe(4);
    expect(again.variance).toBeCloseTo(0.02, 12);
  });

  it('counts a combination that was only tried on a part, and its Sharpe ratio when there is one', async () => {
    const registry = await registryAt('c');
    registry.add({ fast: 1 }, null);
    registry.add({ fast: 2 }, 0.5);
    expect(registry.made()).toEqual({ count: 2, variance: 0 });
    registry.add({ fast: 1 }, 0.3);
    registry.add({ fast: 1 }, null);
    expect(registry.made().count).toBe(2);
    expect(registry.made().variance).toBeCloseTo(0.02, 12);
    registry.close();
  });

  it('loses nothing to a line that was torn: what comes next does not run into it', async () => {
    const first = await registryAt('d');
    first.add({ fast: 1 }, 0.1);
    first.close();
    appendFileSync(join(folder, 'd'), '\n{"v":1,"data":"d","strat');
    const second = await registryAt('d');
    expect([second.torn, second.made().count]).toEqual([1, 1]);
    second.add({ fast: 2 }, 0.2);
    second.close();
    const third = await registryAt('d');
    expect([third.torn, third.made().count]).toEqual([1, 2]);
  });

  it('looks at whole lines of its own strategy alone, and tells of them that are broken', async () => {
    const line = (strategy: string, rest: string) => `{"v":1,"data":"d","strategy":"${strategy}",${rest}}`;
    const [broken, whole] = ['"trial":', '"trial":"t","parameters":{},"sharpe":null'];
    const names = '"trial":"u","parameters":{"like":"ema-cross"},"sharpe":null';
    const lines = [line('other', broken), line('ema-cross', broken), line('ema-cross', whole), line('other', names)];
    writeFileSync(join(folder, 'h'), lines.join('\n'));
    const registry = await registryAt('h');
    expect([registry.torn, registry.made().count]).toEqual([1, 1]);
  });

  it('is not confused by what is none of its lines', async () => {
    writeFileSync(join(folder, 'e'), `hello\n{"v":2}\n[]\n${'x'.repeat(300_000)}\n\n`);
    const registry = await registryAt('e');
    expect([registry.torn, registry.made().count]).toEqual([2, 0]);
  });

  it('keeps every trial of several processes that write at once', async () => {
    const file = join(folder, 'f');
    const module = fileURLToPath(new URL('../../dist/optimise/trial-registry.js', import.meta.url));
    const program = `
      const { TrialRegistry } = await import(${JSON.stringify(module)});
      const registry = new TrialRegistry(${JSON.stringify(file)}, ${JSON.stringify(counted)});
      for (let at = 0; at < 500; at += 1) {
        registry.add({ fast: at, of: Number(process.argv[1]) }, at / 1000);
        registry.add({ slow: at }, at / 1000);
      }
      registry.close();`;
    const started = [1, 2, 3].map((of) =>
      promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, String(of)]),
    );
    await Promise.all(started);
    const registry = await registryAt('f');
    expect([registry.torn, registry.made().count]).toEqual([0, 3 * 500 + 500]);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3 * 1_000);
  });
});
