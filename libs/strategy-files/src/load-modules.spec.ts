import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

// Outside the repository: nothing of ours is to be found from there by itself.
const folder = mkdtempSync(join(tmpdir(), 'modules-'));
const programs = mkdtempSync(join(tmpdir(), 'programs-'));
afterAll(() => {
  for (const made of [folder, programs]) rmSync(made, { recursive: true });
});

/** @param onClose of its decider */
const rule = (id: string, onClose = 'desk.enter();', more = '') => `
import { deciderOver, defineBarStrategy } from '@scalpstorm/strategies';
export const one = defineBarStrategy({
  id: '${id}', title: 'One', description: 'Enters.', source: 'nobody',
  parameters: { period: { kind: 'integer', title: 'Average', description: 'Bars.', default: 20, min: 1, max: 500 } },
  warmUp: () => 0,
  decider: () => deciderOver({}, (_, bar, desk) => { ${onClose} }),
  ${more}
});
`;

const files: Readonly<Record<string, string>> = {
  'good.ts': rule('good'),
  'good.test.ts': 'throw new Error("a test is no strategy");',
  'types.d.ts': 'export declare const nothing: string;',
  '.hidden.ts': 'throw new Error("hidden");',
  'notes.txt': 'to do',
  'folder/folder.ts': `import { wants } from './parts/wants.ts';${rule('folder', 'if (wants()) desk.enter();')}`,
  'folder/parts/wants.ts': 'export const wants = () => true;',
  'folder/node_modules/left/left.ts': 'throw new Error("left alone");',
  'parts/helper.ts': 'export const nothing = 0;',
  'ema-cross.ts': rule('ema-cross'),
  'twin-one.ts': rule('twin'),
  'twin-two.ts': rule('twin'),
  'throws.ts': 'throw new Error("at once");',
  'exits.ts': 'process.exit(3);',
  'odd.ts': 'export const odd = { id: "odd", get configure() { throw null; } };',
  'reserved.ts': rule('reserved').replace('period:', 'quantity:'),
  'async.ts': rule('async', 'throw new Error("late");').replace('(_, bar, desk) =>', 'async (_, bar, desk) =>'),
  'promises.ts': rule('promises').replace(
    'deciderOver({}, (_, bar, desk) => { desk.enter(); })',
    '({ async onClose() { throw new Error("late"); }, snapshot: () => ({}), restore() {} })',
  ),
  'picky.ts': rule('picky', '', 'check: ({ period }) => { if (period === 7) throw new Error("seven"); return []; },'),
};

/** What does not end by itself lies apart: only there little time is given, since the rest takes its own on a loaded machine. */
const endless: Readonly<Record<string, string>> = {
  'endless/spins.ts': 'for (;;);',
  'endless/waits.ts': 'await new Promise(() => undefined);',
  'endless/loops.ts': rule('loops', '', 'check: () => { for (;;); },'),
  'endless/later.ts': rule('later', 'for (;;);'),
};

for (const [name, text] of Object.entries({ ...files, ...endless })) {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
}
// As Kubernetes mounts the files of a ConfigMap.
mkdirSync(join(folder, '..data'));
writeFileSync(join(folder, '..data', 'mounted.ts'), rule('mounted'));
symlinkSync(join('..data', 'mounted.ts'), join(folder, 'mounted.ts'));
symlinkSync(join('..data', 'gone.ts'), join(folder, 'dangling.ts'));

interface Told {
  readonly own: Readonly<Record<string, { readonly code: string; readonly bot: boolean; readonly threw: string }>>;
  readonly refused: Readonly<Record<string, readonly [code: string, text: string, next: string]>>;
  readonly kept: boolean;
  readonly picky: readonly string[];
}

// In a process of its own: modules of users are never loaded by the machinery of tests.
function loaded(from = folder, bounds: object = {}): Told {
  const program = `
    import { loadModules } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    const { own, rules, all, refused } = await loadModules(${JSON.stringify(from)}, { loadMs: 60_000, stepMs: 60_000, ...${JSON.stringify(bounds)} });
    const bar = { index: 0, close: 1, closeAgo: () => 1 };
    const desk = { held: 0, enter() {}, exit() {} };
    const told = {};
    const none = { configure: () => ({ error: [] }) };
    for (const { strategy } of own) {
      const { code, decider, within } = strategy.configure({}).value;
      let threw = '';
      try { within(() => decider().onClose(bar, desk)); } catch (error) { threw = error.code ?? error.message; }
      told[strategy.id] = { code, bot: all.get(strategy.id)?.schema.properties.quantity !== undefined, threw };
    }
    const picky = (rules.get('picky') ?? none).configure({ period: 7 }).error.map(({ code, text }) => code + ' ' + text);
    const kept = rules.has('ema-cross') && rules.get('ema-cross').parameters.fast !== undefined;
    const told2 = Object.fromEntries(refused.map(({ id, code, text, next }) => [id, [code, text, next]]));
    console.log(JSON.stringify({ own: told, refused: told2, kept, picky }));`;
  const file = join(programs, 'program.mjs');
  writeFileSync(file, program);
  return JSON.parse(execFileSync(process.execPath, [file], { cwd: tmpdir() }).toString());
}

describe('a folder of modules', () => {
  const told = loaded();
  const ended = loaded(join(folder, 'endless'), { loadMs: 1_000, stepMs: 500 });

  it('gives every strategy in it, beside those of the platform, as what a bot may run', () => {
    expect(Object.keys(told.own).toSorted()).toEqual(['async', 'folder', 'good', 'mounted', 'picky', 'promises']);
    expect(Object.values(told.own).every(({ bot }) => bot)).toBe(true);
  });

  it.each([
    ['ema-cross', 'STRATEGY_NAME_TAKEN', 'the platform has a strategy "ema-cross"'],
    ['twin', 'STRATEGY_NAME_TAKEN', 'none of them runs'],
    ['throws', 'STRATEGY_MODULE_BROKEN', 'at once'],
    ['exits', 'STRATEGY_MODULE_EXITS', 'exit code 3'],
    ['odd', 'STRATEGY_MODULE_BROKEN', 'it threw no error'],
    ['dangling', 'STRATEGY_FILE_UNREADABLE', 'ENOENT'],
    ['spins', 'STRATEGY_LOOPS', 'does not finish loading, for 1 s or for ever'],
    ['waits', 'STRATEGY_LOOPS', 'awaits what never comes'],
    ['loops', 'STRATEGY_LOOPS', 'had not finished after 0.5 s'],
    ['reserved', 'STRATEGY_MALFORMED', 'quantity'],
  ])('refuses a faulty one by name and goes on: %s', (id, code, text) => {
    const [told1 = '', told2 = '', next = ''] = { ...told.refused, ...ended.refused }[id] ?? [];
    expect([told1, next.length > 0]).toEqual([code, true]);
    expect(told2).toContain(text);
  });

  it('keeps the strategies of the platform, whatever lies in it', () => {
    expect(told.kept).toBe(true);
  });

  it('ends what never ends, and takes no promise for a decision', () => {
    expect(Object.keys(ended.own)).toEqual(['later']);
    expect(ended.own['later']?.threw).toBe('STRATEGY_LOOPS');
    for (const id of ['async', 'promises']) expect(told.own[id]?.threw).toContain('async');
    expect(told.own['good']?.threw).toBe('');
  });

  it('makes a fault of what a check throws', () => {
    expect(told.picky).toEqual([expect.stringMatching(/^STRATEGY_THREW .*seven/)]);
  });

  it('is another code with every file that a strategy imports, and the same one otherwise', () => {
    writeFileSync(join(folder, 'folder/parts/wants.ts'), 'export const wants = () => 1 > 0;');
    const after = loaded();
    expect(after.own['folder']?.code).not.toBe(told.own['folder']?.code);
    expect(after.own['good']?.code).toBe(told.own['good']?.code);
    expect(told.own['good']?.code).toMatch(/^[0-9a-f]{64}$/);
  });
});

it('that is not there leaves the strategies of the platform, and is told', () => {
  const program = `
    import { loadModules } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    const { all, refused } = await loadModules('/nowhere');
    console.log(JSON.stringify([all.has('ema-cross'), refused.map(({ code }) => code)]));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', program]).toString();
  expect(JSON.parse(said)).toEqual([true, ['STRATEGIES_DIR_UNREADABLE']]);
});
