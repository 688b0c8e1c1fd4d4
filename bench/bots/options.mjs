import { botsPerUser } from './fleet.mjs';

/** Execution takes fifty accounts. */
const botsMax = 50 * botsPerUser;
/** The simulated exchange has no more. */
const marketsMax = 50;

export class UsageError extends Error {}

export const usage = `npm run bench -- bots [options]     many bots of the scalping cycle on one machine

  --bots N       how many, 1 to ${botsMax}                              (10000)
  --markets N    over how many markets they are spread, 1 to ${marketsMax}    (50)
  --seconds N    how long orders, latency and CPU are measured       (60)
  --json         the figures as one line of JSON on stdout
  --help         this text`;

const bounds = { '--bots': [1, botsMax, 10_000], '--markets': [1, marketsMax, 50], '--seconds': [1, 3_600, 60] };

/** Null asks for the help text. @throws {UsageError} */
export function readOptions(args) {
  if (args.includes('--help')) return null;
  const values = Object.fromEntries(Object.entries(bounds).map(([name, [, , usual]]) => [name, usual]));
  for (let index = 0; index < args.length; index += 1) {
    const name = args[index];
    if (name === '--json') continue;
    const bound = bounds[name];
    if (!bound) throw new UsageError(`BENCH_OPTION: there is no option "${name}"`);
    index += 1;
    const value = Number(args[index]);
    if (!Number.isInteger(value) || value < bound[0] || value > bound[1])
      throw new UsageError(`BENCH_OPTION: ${name} must be followed by a whole number from ${bound[0]} to ${bound[1]}`);
    values[name] = value;
  }
  const bots = values['--bots'];
  return {
    bots,
    markets: Math.min(values['--markets'], bots),
    seconds: values['--seconds'],
    json: args.includes('--json'),
  };
}
