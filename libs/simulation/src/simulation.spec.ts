import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

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

interface Task {
  readonly seed: number;
  readonly crashes: number;
  readonly mutant?: string;
  readonly plan?: object;
}

/** One thread of `npm run simulate`: it loads the whole lane once, which takes longer than a run. */
class Thread {
  private readonly worker = new Worker(join(root, 'tools/simulate/worker.mjs'));

  async run(task: Task): Promise<{ readonly violations: readonly unknown[]; readonly hash: string }> {
    const answered = once(this.worker, 'message');
    this.worker.postMessage(task);
    return (await answered)[0];
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

describe('the order lane under one seed', () => {
  const thread = new Thread();
  afterAll(() => thread.end());

  // Run once for all that is asked of it: most of such a process is the loading of the lane, in each of its threads. These are few
  // seeds in a row that come to every point of crashes more than once; the many are for `npm run simulate`.
  const [firstSeed, seedsRun, crashesARun] = [19, 8, 20];
  let result: Awaited<ReturnType<typeof told>>;
  beforeAll(async () => {
    const crashes = String(seedsRun * crashesARun);
    result = await told('--crashes', crashes, '--seed', String(firstSeed), '--workers', '2');
  });

  it('holds through crashes at every point, and meets its limits', () => {
    const crashes = seedsRun * crashesARun;
    expect(result).toMatchObject({ code: 0, ok: true, crashes, seeds: seedsRun, violations: 0, failures: [] });
    const { 'any-moment': _anyMoment, ...named } = result.crashPoints as Record<string, number>;
    expect(Object.entries(named).filter(([, count]) => count === 0)).toEqual([]);
    const limits = ['BOT_POSITION_ABOVE_MAXIMUM', 'ACCOUNT_EXPOSURE_ABOVE_MAXIMUM', 'TRADING_HALTED'];
    for (const code of limits) expect(result.denials[code]).toBeGreaterThan(0);
    expect(result.trips).toBeGreaterThan(0);
  });

  it('the same seeds give the same trace, on however many threads', async () => {
    const traces = createHash('sha256');
    for (let seed = firstSeed; seed < firstSeed + seedsRun; seed += 1)
      traces.update(`${seed} ${(await thread.run({ seed, crashes: crashesARun })).hash}\n`);
    expect(traces.digest('hex').slice(0, 16)).toBe(result.traceHash);
  });

  it('tells a mutant that it has caught', async () => {
    expect(await told('--mutant', 'mark-after-request', '--seeds', '20', '--workers', '1')).toMatchObject({
      code: 0,
      total: 1,
      caught: 1,
    });
  });

  // All of them are for `npm run simulate -- --mutants`; some need many seeds.
  it.each(['timeout-is-rejected', 'close-counted-as-open'])('catches the mutant %s', async (mutant) => {
    let found = 0;
    for (let seed = 1; seed <= 20 && found === 0; seed += 1)
      found = (await thread.run({ seed, crashes: 20, mutant })).violations.length;
    expect(found).toBeGreaterThan(0);
  });

  const [first = '', ...others] = readdirSync(seeds);
  it(`replays a run that failed once, and holds in it: ${first}`, async () => {
    expect(await told('--replay', join(seeds, first))).toMatchObject({ code: 0, violations: [] });
  });

  it.each(others)('holds in a run that failed once: %s', async (file) => {
    const { plan } = JSON.parse(readFileSync(join(seeds, file), 'utf8'));
    expect((await thread.run({ seed: plan.seed, crashes: 0, plan })).violations).toEqual([]);
  });

  it('says what is wrong with an option, and what to do', async () => {
    const { code, error } = await simulate('--crashes', 'many');
    expect(code).toBe(2);
    expect(error).toContain('INVALID_OPTION');
    expect(error).toContain('npm run simulate -- --help');
  });
});
