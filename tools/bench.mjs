// `npm run bench -- NAME [--json …]`: runs bench/NAME.mjs with servers of its own, found as the tests find theirs.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorText, exitCodeOf, Failure } from './failure.mjs';
import { runForeground } from './foreground.mjs';
import { root } from './paths.mjs';
import { say } from './progress.mjs';
import { withTemporaryServers } from './temporary-servers.mjs';

const folder = join(root, 'bench');

function names() {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => file.slice(0, -4));
}

async function main([name, ...args]) {
  if (!names().includes(name)) {
    throw new Failure('UNKNOWN_BENCH', `"${name ?? ''}" is not a bench.`, {
      where: 'npm run bench -- NAME',
      next: `use one of ${names().join(', ') || '(there is none yet)'}`,
      exitCode: 2,
    });
  }
  return withTemporaryServers('bench-', (environment, onStart) =>
    runForeground(process.execPath, [join(folder, `${name}.mjs`), ...args], { environment, onStart }),
  );
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  say(errorText(error));
  process.exit(exitCodeOf(error));
}
