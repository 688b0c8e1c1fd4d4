import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadsInTime } from './loads-in-time.js';

const folder = mkdtempSync(join(tmpdir(), 'loading-'));
afterAll(() => rmSync(folder, { recursive: true }));

function moduleOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Nobody waits so long. */
const longMs = 300_000;

describe('loading a module', () => {
  it.each([
    [
      'good.ts',
      "import { barStrategies } from '@scalpstorm/strategies';\nexport const known: number = barStrategies.size;",
    ],
    ['throws.mjs', "throw new Error('its own');"],
    ['broken.mjs', 'export const = 1;'],
  ])('comes to an end: %s', async (name, text) => {
    expect(await loadsInTime(moduleOf(name, text), longMs)).toBe(true);
  });

  it('does not where it loops', async () => {
    expect(await loadsInTime(moduleOf('loops.mjs', 'for (;;);'), 500)).toBe(false);
  });

  it('does not where its strategy loops as soon as it is looked at', async () => {
    const text = `import { defineBarStrategy } from '@scalpstorm/strategies';
      export const loops = defineBarStrategy({
        id: 'loops', title: 'Loops', description: 'Loops.', source: 'nobody', parameters: {}, warmUp: () => { for (;;); },
        decider: () => ({ onClose: () => undefined, snapshot: () => ({}), restore: () => undefined }),
      });`;
    expect(await loadsInTime(moduleOf('warm-up.mjs', text), 1_000)).toBe(false);
  });

  it('does not where it awaits what never comes', async () => {
    expect(await loadsInTime(moduleOf('waits.mjs', 'await new Promise(() => {});'), longMs)).toBe(false);
  });
});
