import { Writable } from 'node:stream';
import type { ExitCode } from './failure.js';
import type { Terminal } from './output.js';
import type { Environment } from './profile-store.js';
import { run } from './program.js';

// What the specs of commands set out from.

/** Runs a command line in this process, and keeps what it says. */
export async function commandLine(
  args: readonly string[],
  environment: Environment = {},
): Promise<{ readonly status: ExitCode; readonly stdout: string; readonly stderr: string }> {
  const said = { stdout: '', stderr: '' };
  const into = (name: keyof typeof said) =>
    new Writable({
      write: (chunk, _encoding, done) => {
        said[name] += String(chunk);
        done();
      },
    });
  const terminal = { stdout: into('stdout'), stderr: into('stderr'), stdin: process.stdin } as unknown as Terminal;
  const status = await run(args, terminal, environment);
  return { status, ...said };
}
