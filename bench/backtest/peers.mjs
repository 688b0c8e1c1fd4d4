// Other backtesters for the same rule over the same bars. None is a dependency: `--install-peers` puts them into a folder of their own, out
// of the project; who is not there, or can not run, is left out, and said.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../tools/paths.mjs';

const folder = join(root, '.cache/bench-peers');
/** Those that the registry has and that install without fetching a program of their own; chai is one that grademark forgot to name. */
const packages = ['grademark@0.3.0', 'chai@4.5.0'];

export function installPeers() {
  mkdirSync(folder, { recursive: true });
  const quiet = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts'];
  execFileSync('npm', ['install', '--prefix', folder, ...quiet, ...packages], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** @returns {{ name: string, bars: number, run: () => { openedBar: number, closedBar: number }[] }[]} */
export function openPeers(bars, averages, say) {
  const require = createRequire(join(folder, 'package.json'));
  const known = [['grademark', () => grademark(require('grademark'), require('data-forge'), bars, averages)]];
  const peers = [];
  for (const [name, open] of known) {
    try {
      peers.push({ name, ...open() });
    } catch (error) {
      say(`${name} is left out: ${error.message.split('\n')[0]}; --install-peers may help`);
    }
  }
  return peers;
}

/** It is given the averages with the bars. Its rules do not hear the bar of an entry, so an exit that this bar asks for comes later. */
function grademark({ backtest }, { DataFrame }, bars, { quicks, calms }) {
  const rows = Array.from(bars.close, (close, bar) => ({
    ...{ time: new Date(bars.openedAt[bar] / 1_000), bar, close },
    ...{ open: bars.open[bar], high: bars.high[bar], low: bars.low[bar], volume: bars.volume[bar] },
    ...{ quick: quicks[bar], calm: calms[bar] },
  }));
  const series = new DataFrame(rows).setIndex('time');
  const strategy = {
    lookbackPeriod: 31,
    entryRule: (enter, { bar }) => bar.quick > bar.calm && enter(),
    exitRule: (exit, { bar }) => bar.quick < bar.calm && exit(),
  };
  const barOf = (time) => Math.round((time.getTime() * 1_000 - bars.openedAt[0]) / 60e6);
  return {
    bars: bars.length,
    run: () => backtest(strategy, series),
    tradesOf: (trades) =>
      [...trades].map(({ entryTime, exitTime }) => ({ openedBar: barOf(entryTime), closedBar: barOf(exitTime) })),
  };
}
