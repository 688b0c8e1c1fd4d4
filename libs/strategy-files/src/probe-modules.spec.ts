import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type ProbeLimits, probeModules } from './probe-modules.js';

const folder = mkdtempSync(join(tmpdir(), 'probed-'));
afterAll(() => rmSync(folder, { recursive: true }));

const strategy = (id: string) => `
  import { defineBarStrategy } from '@scalpstorm/strategies';
  export const one = defineBarStrategy({
    id: '${id}', title: 'One', description: 'One.', source: 'nobody', parameters: {}, warmUp: () => 0,
    decider: () => ({ onClose: () => undefined, snapshot: () => ({}), restore: () => undefined }),
  });`;

/** Nobody waits so long. */
const patient = { loadMs: 300_000, stepMs: 300_000 };

/** Many times what a small module takes. */
const brisk = { loadMs: 1_500, stepMs: 300_000 };

/** By the name of the file. */
async function faultsOf(modules: Readonly<Record<string, string>>, limits: ProbeLimits = patient) {
  const candidates = Object.entries(modules).map(([name, text]) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return { file, text: name };
  });
  const faults = await probeModules(candidates, limits);
  return Object.fromEntries(
    candidates.flatMap(({ file, text }) => (faults.has(file) ? [[text, faults.get(file)]] : [])),
  );
}

const saying = (code: string, text: string) => ({
  code,
  text: expect.stringContaining(text),
  next: expect.stringMatching(/./),
});

describe('modules that are loaded apart', () => {
  it('are refused by name where they do not end well, whatever they do, and no other is', async () => {
    const faults = await faultsOf({
      'exits.mjs': 'process.exit(3);',
      'leaves.mjs': `import { setImmediate as turn } from 'node:timers/promises'; await turn(); process.exit();`,
      'rejects.mjs': `${strategy('rejects')}\nvoid Promise.reject(new RangeError('heard by nobody'));`,
      'waits.mjs': 'await new Promise(() => undefined);',
      'throws.mjs': "\nthrow new RangeError('at once');",
      'broken.mjs': 'export const = 1;',
      'good.ts': `${strategy('good')}\nexport const count: number = 1;`,
    });
    expect(faults).toEqual({
      'exits.mjs': expect.objectContaining(
        saying('STRATEGY_MODULE_EXITS', 'exits.mjs: it ends the process that loads it (exit code 3)'),
      ),
      'leaves.mjs': expect.objectContaining(saying('STRATEGY_MODULE_EXITS', '(exit code 0)')),
      'rejects.mjs': expect.objectContaining(saying('STRATEGY_MODULE_BROKEN', 'RangeError: heard by nobody')),
      'waits.mjs': expect.objectContaining(saying('STRATEGY_LOOPS', 'awaits what never comes')),
      'throws.mjs': expect.objectContaining(
        saying('STRATEGY_MODULE_BROKEN', 'throws.mjs: it could not be loaded (line 2): RangeError: at once'),
      ),
      'broken.mjs': expect.objectContaining(saying('STRATEGY_MODULE_BROKEN', 'SyntaxError')),
    });
  });

  it.each([
    ['exits', 'process.exit(7)', 'STRATEGY_MODULE_EXITS', patient],
    // It keeps its thread as a loop does, and no core.
    ['never returns', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', 'STRATEGY_LOOPS', brisk],
  ])('are not blamed for what another left behind, which is: it %s', async (_, harm, code, limits) => {
    const faults = await faultsOf(
      {
        'harms.mjs': `${strategy('harms')}\nsetTimeout(() => ${harm}, 1);`,
        'waits.mjs': `${strategy('second')}\nawait new Promise((resolve) => setTimeout(resolve, 20));`,
      },
      limits,
    );
    expect(faults).toEqual({ 'harms.mjs': expect.objectContaining({ code }) });
  });

  it('are looked at together once they are loaded, and one by one only where that does not end well', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const fine = Object.fromEntries(names.map((name) => [`${name}.mjs`, strategy(name)]));
    const harms = `${strategy('f')}\nsetTimeout(() => { throw new RangeError('a moment later'); }, 1);`;
    expect(await faultsOf({ ...fine, 'f.mjs': harms })).toEqual({
      'f.mjs': expect.objectContaining(saying('STRATEGY_MODULE_BROKEN', 'RangeError: a moment later')),
    });
    expect(await faultsOf({})).toEqual({});
  });

  it('may wait for their turn where it counts how long they work', async () => {
    const check = 'check: () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600); return []; },';
    const waits = strategy('turns').replace('warmUp:', `${check} warmUp:`);
    const limits = { loadMs: 300_000, stepMs: 500 };
    expect(await faultsOf({ 'turns.mjs': waits }, limits)).toMatchObject({ 'turns.mjs': { code: 'STRATEGY_LOOPS' } });
    expect(await faultsOf({ 'turns.mjs': waits }, { ...limits, measure: 'work' })).toEqual({});
  });

  it('may not fill the memory of the process', async () => {
    const fills =
      'export const kept = new Uint8Array(300 * 2 ** 20); await new Promise((ready) => setTimeout(ready, 2 ** 30));';
    expect(await faultsOf({ 'fine.mjs': strategy('fine'), 'fills.mjs': fills })).toEqual({
      'fills.mjs': expect.objectContaining(saying('STRATEGY_MODULE_TOO_LARGE', 'more than 256 MB of memory')),
    });
  });

  it('are ended where they loop: a few are waited for, and those after them for a tenth as long', async () => {
    const loops = Object.fromEntries([1, 2, 3, 4].map((number) => [`loops-${number}.mjs`, 'for (;;);']));
    const faults = await faultsOf(loops, { loadMs: 200, stepMs: 200 });
    const told = Object.entries(faults).map(([name, fault]) => [
      name,
      fault?.code,
      /for [0-9.]+ s/.exec(fault?.text ?? '')?.[0],
    ]);
    expect(told).toEqual([
      ...[1, 2, 3].map((number) => [`loops-${number}.mjs`, 'STRATEGY_LOOPS', 'for 0.2 s']),
      ['loops-4.mjs', 'STRATEGY_LOOPS', 'for 0.02 s'],
    ]);
  });
});
