import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const compiled = new URL('../dist/early-exit.js', import.meta.url).href;
const tell = '(failure) => { console.error(failure.code, failure.message); return failure.exitCode; }';

/** What a process of its own ends with, whose command is over when `end` is called. */
function processOf(code: string): readonly [status: number | null, stderr: string] {
  const script = `import { heedEarlyExit } from '${compiled}'; const end = heedEarlyExit(${tell}); ${code}`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return [status, stderr];
}

describe('a process that ends before its command is over', () => {
  it.each([0, 3])('says so, whatever it is ended with: %d', (code) => {
    const text = `STRATEGY_MODULE_EXITS the strategy's module ended this process before the command was over (exit code ${code}).\n`;
    expect(processOf(`try { process.exit(${code}); } finally { end(0); }`)).toEqual([1, text]);
  });

  it('keeps the code of a command that was over', () => {
    expect(processOf('end(3); process.exit(0);')).toEqual([3, '']);
    expect(processOf('end(0);')).toEqual([0, '']);
  });

  it('blames no module for what Node tells itself', () => {
    const [status, stderr] = processOf("throw new Error('ours');");
    expect([status, stderr]).toEqual([1, expect.stringContaining('Error: ours')]);
    expect(stderr).not.toContain('STRATEGY_MODULE_EXITS');
    expect(processOf('await new Promise(() => {});')).toEqual([13, expect.not.stringContaining('STRATEGY_MODULE')]);
  });
});
