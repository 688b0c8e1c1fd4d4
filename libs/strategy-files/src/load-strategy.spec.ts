import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadStrategy } from './load-strategy.js';

// Outside the repository: nothing of ours is to be found from there by itself.
const folder = mkdtempSync(join(tmpdir(), 'strategies-'));
afterAll(() => rmSync(folder, { recursive: true }));

const good = `
import { ema } from '@scalpstorm/indicators';
import { type Bar, deciderOver, defineBarStrategy } from '@scalpstorm/strategies';
import { above } from './parts.ts';

export const calm = defineBarStrategy({
  id: 'calm', title: 'Calm', description: 'Above its average.', source: 'nobody',
  parameters: { period: { kind: 'integer', title: 'Average', description: 'Bars.', default: 20, min: 1, max: 500 } },
  warmUp: ({ period }) => period,
  decider: ({ period }) =>
    deciderOver({ average: [ema, { period }] }, ({ average }, bar: Bar, desk) => {
      if (above(bar.close, average.update(bar.close))) desk.enter();
      else desk.exit();
    }),
});
`;

const files = {
  'calm.ts': good,
  'parts.ts': 'export const above = (left: number, right: number): boolean => left > right;\n',
  'bare.ts': good.replace('defineBarStrategy({', '({').replace('});\n\n', '});\n'),
  'two.mjs': "export { calm } from './calm.ts';\nexport { calm as other } from './calm.ts';\n",
  'picked.mjs': "export { calm as strategy } from './calm.ts';\nexport { calm as other } from './calm.ts';\n",
  'empty.mjs': '',
  'other.mjs': 'export const size = 3;\n',
  'throws.ts': '\n\nthrow new RangeError("no such thing");\n',
  'syntax.ts': 'export const = 3;\n',
  'enums.ts': 'enum Side { Buy }\nexport const side = Side.Buy;\n',
  'lost.ts': "import { nothing } from './nothing.ts';\nexport const one = nothing;\n",
  'notes.txt': 'hello',
  'exits.mjs': 'process.exit(3);',
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
mkdirSync(join(folder, 'inner'));

/** The only one of the files that would end whoever loads it; the others are loaded at once, which is faster. */
const apart = 'exits.mjs';

const alike = ['one', 'same', 'other'];
for (const name of alike) {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'calm.ts'), good);
  writeFileSync(join(folder, name, 'parts.ts'), files['parts.ts'].replace(' > ', name === 'other' ? ' >= ' : ' > '));
}

/** In a process of its own: a test's own loader of modules is none of Node's. */
function loaded(): Readonly<Record<string, unknown>> {
  const built = new URL('../dist/index.js', import.meta.url).href;
  const names = [...Object.keys(files), 'cam.ts', 'inner', 'sub/deep.ts'];
  const program = `
    import { loadStrategy, versionOf } from ${JSON.stringify(built)};
    const told = {};
    for (const name of ${JSON.stringify(alike)}) {
      const { value } = await loadStrategy('./' + name + '/calm.ts');
      const { code } = value.strategy.configure({}).value;
      told[name] = [versionOf(value), versionOf({ sourceHash: code })];
    }
    for (const name of ${JSON.stringify(names)}) {
      const read = await loadStrategy('./' + name, { isProbed: ${JSON.stringify(apart)} !== name });
      told[name] = read.ok
        ? [read.value.strategy.id, read.value.kind, read.value.sourceHash.length, read.value.strategy.configure({ period: 0 }).error[0].code]
        : [read.error.code, read.error.text, read.error.next, ...read.error.faults.map(({ field }) => field)];
    }
    console.log(JSON.stringify(told));`;
  const file = join(folder, 'program.mjs');
  writeFileSync(file, program);
  return JSON.parse(execFileSync(process.execPath, [file], { cwd: folder }).toString());
}
const told = loaded();

describe('a strategy of a file', () => {
  it.each(['calm.ts', 'picked.mjs'])('is loaded from wherever it lies, with what it imports: %s', (name) => {
    expect(told[name]).toEqual(['calm', 'module', 64, 'NOT_ALLOWED']);
  });

  it.each([
    [
      'bare.ts',
      'STRATEGY_MALFORMED',
      'what it exports as calm is no strategy yet',
      'export const calm = defineBarStrategy(',
    ],
    ['two.mjs', 'STRATEGY_NOT_EXPORTED', 'it exports 2 strategies: calm, other', 'export const strategy ='],
    ['empty.mjs', 'STRATEGY_NOT_EXPORTED', 'it exports nothing', 'defineBarStrategy({ … })'],
    ['other.mjs', 'STRATEGY_NOT_EXPORTED', 'only size', 'defineBarStrategy({ … })'],
    ['throws.ts', 'STRATEGY_MODULE_BROKEN', '(line 3): RangeError: no such thing', 'mend the module'],
    ['syntax.ts', 'STRATEGY_MODULE_BROKEN', 'SyntaxError', 'mend the module'],
    ['enums.ts', 'STRATEGY_MODULE_BROKEN', 'SyntaxError', 'do without enum'],
    [apart, 'STRATEGY_MODULE_EXITS', './exits.mjs: it ends the process', 'throw an error'],
    ['lost.ts', 'STRATEGY_MODULE_BROKEN', 'nothing.ts', 'a file with its ending'],
    ['notes.txt', 'STRATEGY_FILE_KIND', 'is no strategy by its name', '.ts, .mts, .js, .mjs'],
    ['inner', 'STRATEGY_FILE_KIND', 'is no file', 'inner/inner.ts'],
    ['cam.ts', 'STRATEGY_FILE_MISSING', 'there is no file ./cam.ts', "did you mean 'calm.ts'?"],
    ['sub/deep.ts', 'STRATEGY_FILE_MISSING', 'there is no file', 'name a file that exports a strategy'],
  ])('that is none is told why: %s', (name, code, text, next) => {
    expect(told[name]).toEqual(
      expect.arrayContaining([code, expect.stringContaining(text), expect.stringContaining(next)]),
    );
  });

  it('says which fields are wrong', () => {
    expect((told['bare.ts'] as string[]).slice(3)).toEqual(['/calm/configure', '/calm/schema']);
  });
});

describe('the hash of the code of a module', () => {
  const [one, same, other] = alike.map((name) => told[name] as readonly string[]);

  it('is that by which a platform knows what it runs, wherever it lies', () => {
    expect(one).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), one?.[0]]);
    expect(same).toEqual(one);
  });

  it('is another one when what it imports is', () => {
    expect(other?.[0]).not.toBe(one?.[0]);
  });
});

describe('a strategy of the platform', () => {
  it('is found by its id', async () => {
    expect(await loadStrategy('ema-cross')).toMatchObject({ ok: true, value: { kind: 'built-in', file: null } });
  });

  it('is asked for again under the nearest name', async () => {
    expect(await loadStrategy('ema-cros')).toMatchObject({
      ok: false,
      error: { code: 'UNKNOWN_STRATEGY', next: "did you mean 'ema-cross'?" },
    });
    const here = fileURLToPath(import.meta.url);
    expect(await loadStrategy(`${here}x`)).toMatchObject({ ok: false, error: { code: 'STRATEGY_FILE_MISSING' } });
  });
});
