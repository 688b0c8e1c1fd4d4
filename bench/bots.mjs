// Ten thousand bots of the scalping cycle on one machine: the order path as processes of their own (market-data, strategy,
// risk-gate, execution) with real servers and the simulated exchange, whose markets move at their usual speed. Every figure stands
// beside that of the same processes with one bot a market, measured before in the same run. docs/benchmarks.md says what each means.

import { figuresOf } from './bots/figures.mjs';
import { measure } from './bots/measure.mjs';
import { readOptions, UsageError, usage } from './bots/options.mjs';
import { machine, report } from './figures.mjs';

let options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${usage}\n`);
  process.exit(2);
}
if (options === null) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const say = (text) => process.stderr.write(`${text}\n`);
const measured = await measure(options, say).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
report({ json: options.json, machine: machine(), figures: figuresOf(measured) });
process.exit(0);
