// The memory of one run in a process of its own: what it holds at most, beside a process that only makes the bars.
import { readFileSync } from 'node:fs';
import { plainMarket, runBars, trialFigures } from '@scalpstorm/backtest';
import { barStrategies } from '@scalpstorm/strategies';
import { marketOf } from './market.mjs';

const [rows, what] = [Number(process.argv[2]), process.argv[3]];
const bars = marketOf(rows, 7);
if (what === 'run') {
  const strategy = barStrategies.get('ema-cross').configure({}).value;
  const market = plainMarket(10_000, 1);
  const ran = runBars(bars, strategy, market);
  trialFigures(bars, ran.value, market);
}
const { heapUsed } = process.memoryUsage();
process.stdout.write(JSON.stringify({ rss: highWater(), heap: heapUsed }));

/** The most that this program held. What `resourceUsage` says counts the process that started it, too. */
function highWater() {
  if (process.platform !== 'linux') return process.memoryUsage().rss;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kibibytes) * 1_024;
}
