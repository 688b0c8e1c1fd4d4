import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll } from '@jest/globals';
import type { ExitCode } from './failure.js';
import type { Terminal } from './output.js';
import type { Environment } from './profile-store.js';
import { run } from './program.js';

// What the specs of commands set out from.

/** A data folder of their own: what they run counts among nobody's trials. */
const dataFolder = mkdtempSync(join(tmpdir(), 'scalpstorm-data-'));
afterAll(() => rmSync(dataFolder, { recursive: true }));

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
  const status = await run(args, terminal, { XDG_DATA_HOME: dataFolder, ...environment });
  return { status, ...said };
}
