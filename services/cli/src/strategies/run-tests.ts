import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Failure } from '../failure.js';
import type { Terminal } from '../output.js';

/** Many times what a strategy needs for all that is looked at in one test. */
const quietMsMax = 60_000;

export interface TestRun {
  /** Relative to `folder`. */
  readonly files: readonly string[];
  readonly folder: string;
  /** How a message calls the folder. */
  readonly named: string;
}

/**
 * Runs tests as processes of their own, and ends them all when nothing is heard of them any more: a loop lets no timer of theirs run.
 * @param into hears what they say, and where it comes from stderr, `terminal.stderr`
 * @param quietMs how long they may say nothing, ms
 * @throws Failure `TESTS_FAILED`, `STRATEGY_LOOPS`
 */
export async function runTests(
  { files, folder, named }: TestRun,
  { stderr }: Pick<Terminal, 'stderr'>,
  into: NodeJS.WritableStream,
  quietMs = quietMsMax,
): Promise<void> {
  const child = spawn(process.execPath, ['--test', ...files], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let isQuiet = false;
  const quiet = setTimeout(() => {
    isQuiet = true;
    // Node's runner ends the processes of its tests then, and says which it was running.
    child.kill('SIGTERM');
  }, quietMs);
  child.stdout.on('data', (chunk) => {
    quiet.refresh();
    into.write(chunk);
  });
  child.stderr.on('data', (chunk) => stderr.write(chunk));
  const [status] = (await once(child, 'close')) as [number | null];
  clearTimeout(quiet);
  if (isQuiet) {
    const text = `nothing was heard of the tests in ${named} for ${quietMs / 1_000} s: one loops, or waits for what never comes.`;
    throw new Failure('STRATEGY_LOOPS', text, {
      next: 'look for a loop without an end in the file that is named above',
    });
  }
  if (status === 0) return;
  throw new Failure('TESTS_FAILED', `the tests in ${named} failed.`, { next: 'what they say is above' });
}
