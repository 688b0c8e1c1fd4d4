// `npm run bench -- NAME [--json …]`: runs bench/NAME.mjs with servers of its own, found as the tests find theirs.
import { join } from 'node:path';
import { errorText, exitCodeOf, Failure } from './failure.mjs';
import { runForeground } from './foreground.mjs';
import { root } from './paths.mjs';
import { say } from './progress.mjs';
import { withTemporaryServers } from './temporary-servers.mjs';

const folder = join(root, 'bench');

/** What each measures; docs/benchmarks.md has more. A bench that is not told here is not listed, and a spec says so. */
const benches = {
  api: 'mixed REST requests at a steady rate against the gateway with everything behind it',
  backtest: 'what a backtest costs a bar, alone and in a sweep of a thousand',
  bots: 'ten thousand bots with the whole order path and the simulated exchange on one machine',
  exchange: 'how many orders a second the simulated exchange takes',
  fanout: 'how many frames a second the gateway delivers to many websocket clients',
  indicators: 'what an indicator costs a value, in a batch and row by row',
  inference: 'how long a model takes to answer, by batch size',
  'kill-switch': 'from a halt to the last opening order and the last cancel at the exchange',
  overhead: 'what metrics and traces cost on the way of an order',
  'tick-to-order': 'from a price of the venue to the order request that reaches it',
};

/** These ask nobody. */
const withoutServers = new Set(['backtest', 'indicators']);

/** @returns {string} the list of benches */
export function helpText() {
  const lines = Object.entries(benches).map(([name, what]) => `  ${name.padEnd(15)} ${what}`);
  return [
    'npm run bench -- NAME [options]     figures beside a floor of the same run; --json for machines',
    '',
    ...lines,
  ].join('\n');
}

export const names = () => Object.keys(benches);

async function main([name, ...args]) {
  if (name === undefined || name === '--help') {
    process.stdout.write(`${helpText()}\n`);
    return name === undefined ? 2 : 0;
  }
  if (!names().includes(name)) {
    throw new Failure('UNKNOWN_BENCH', `"${name}" is not a bench.`, {
      where: 'npm run bench -- NAME',
      next: `use one of ${names().join(', ')}`,
      exitCode: 2,
    });
  }
  // Its own help needs no servers.
  if ((args.includes('--help') && name === 'bots') || withoutServers.has(name))
    return runForeground(process.execPath, [join(folder, `${name}.mjs`), ...args]);
  return withTemporaryServers('bench-', (environment, onStart) =>
    runForeground(process.execPath, [join(folder, `${name}.mjs`), ...args], { environment, onStart }),
  );
}

if (import.meta.main) {
  try {
    process.exit(await main(process.argv.slice(2)));
  } catch (error) {
    say(errorText(error));
    process.exit(exitCodeOf(error));
  }
}
