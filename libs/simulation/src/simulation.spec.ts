import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

// A world replaces the timers of its thread, so it runs in a process of its own, as `npm run simulate` does.
const root = fileURLToPath(new URL('../../..', import.meta.url));
const seeds = fileURLToPath(new URL('../seeds', import.meta.url));

async function simulate(...options: string[]) {
  const main = join(root, 'tools/simulate/main.mjs');
  const child = spawn(process.execPath, [main, ...options], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, error };
}

const told = async (...options: string[]) => {
  const { out, error, code } = await simulate(...options, '--json');
  if (out === '') throw new Error(error);
  return { ...JSON.parse(out.trim().split('\n').at(-1) ?? ''), code };
};

describe('the order lane under one seed', () => {
  it('holds through crashes at every point, and meets its limits', async () => {
    const result = await told('--crashes', '200');
    expect(result).toMatchObject({ code: 0, ok: true, crashes: 200, violations: 0, failures: [] });
    const { 'any-moment': _anyMoment, ...named } = result.crashPoints as Record<string, number>;
    expect(Object.entries(named).filter(([, count]) => count === 0)).toEqual([]);
    const limits = ['BOT_POSITION_ABOVE_MAXIMUM', 'ACCOUNT_EXPOSURE_ABOVE_MAXIMUM', 'TRADING_HALTED'];
    for (const code of limits) expect(result.denials[code]).toBeGreaterThan(0);
    expect(result.trips).toBeGreaterThan(0);
  });

  it('the same seeds give the same trace, on however many threads', async () => {
    const two = await told('--crashes', '60', '--seed', '1', '--workers', '2');
    expect(await told('--crashes', '60', '--seed', '1', '--workers', '1')).toMatchObject({ traceHash: two.traceHash });
  });

  // All of them are for `npm run simulate -- --mutants`; some need many seeds.
  it.each(['mark-after-request', 'timeout-is-rejected', 'close-counted-as-open'])(
    'catches the mutant %s',
    async (name) => {
      expect(await told('--mutant', name, '--seeds', '20')).toMatchObject({ code: 0, total: 1, caught: 1 });
    },
  );

  it.each(readdirSync(seeds))('holds in a run that failed once: %s', async (file) => {
    expect(await told('--replay', join(seeds, file))).toMatchObject({ code: 0, violations: [] });
  });

  it('says what is wrong with an option, and what to do', async () => {
    const { code, error } = await simulate('--crashes', 'many');
    expect(code).toBe(2);
    expect(error).toContain('INVALID_OPTION');
    expect(error).toContain('npm run simulate -- --help');
  });
});
