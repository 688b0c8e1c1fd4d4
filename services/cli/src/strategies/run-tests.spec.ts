import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from '@jest/globals';
import { runTests } from './run-tests.js';

const folder = mkdtempSync(join(tmpdir(), 'run-tests-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('tests of a strategy', () => {
  it('are ended when nothing is heard of them any more, as where one loops', async () => {
    writeFileSync(
      join(folder, 'loops.test.mjs'),
      "import { test } from 'node:test'; test('loops', () => { for (;;); });",
    );
    const heard = new PassThrough().resume();
    const stderr = heard as unknown as NodeJS.WriteStream;
    const run = { files: ['loops.test.mjs'], folder, named: './mine' };
    await expect(runTests(run, { stderr }, heard, 500)).rejects.toMatchObject({
      code: 'STRATEGY_LOOPS',
      exitCode: 1,
      message: 'nothing was heard of the tests in ./mine for 0.5 s: one loops, or waits for what never comes.',
    });
  });
});
