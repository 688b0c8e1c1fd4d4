import { Failure } from '../failure.mjs';
import { barBotsMax } from './demo-bots.mjs';

export const helpText = `npm start -- [options]     starts servers, services and a market, and demo bots that trade on it

  --market synthetic|recorded  what trades: a simulated market (default), or a capture that is replayed
  --file PATH                  the capture to replay; implies --market recorded
  --speed N|max                how many times faster than real time, 0.01 to 100000 (default 1; 10 for a synthetic --check)
  --seed N                     seed of the synthetic market, 0 to 4294967295 (default 1)
  --bots N                     how many demo bots that buy and sell in turns, 0 to 500 (default 5)
  --bar-bots N                 how many more that decide at the close of bars, 0 to 3 (default 3 in a synthetic market, 0 with --bots)
  --grid-bot                   one more with levels around the price, which comes by itself where --bar-bots do
  --strategies DIR             your own strategies, which bots may run (default STRATEGIES_DIR, or the folder strategies/ of the project)
  --model-bot                  one more, which trades on the baseline model (made for the synthetic market at speed 1)
  --port N                     port of the dashboard and the API, 0 for a free one (default 3000 when free)
  --name NAME                  name of the instance; two of different names run side by side (default "default")
  --reset                      forgets what the instance of that name had stored before it starts
  --single-process             all services in one process, for a small machine
  --check                      starts, trades, reconciles, stops; ends with 0 only when everything agreed
  --json                       with --check: one line of JSON, the last of stdout; everything else goes to stderr
  --help                       this text

A server that runs already is used when NATS_URL, POSTGRES_URL or REDIS_URL name it (NATS_USER and NATS_PASSWORD with it).
Data, logs and passwords are kept in .runtime/NAME, fetched servers in .cache (SCALPSTORM_CACHE_DIR).
`;

const markets = ['synthetic', 'recorded'];
/** A check wants cycles, not suspense. */
const checkSpeed = 10;

const number = (least, most, whole) => (text) => {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
  return fits ? value : new Error(`a ${whole ? 'whole number' : 'number'} from ${least} to ${most}`);
};

const oneOf = (values) => (text) => (values.includes(text) ? text : new Error(`one of ${values.join(', ')}`));

const matching = (pattern, description) => (text) => (pattern.test(text) ? text : new Error(description));

/** A flag has no reader; a reader returns the value, or an Error that says what is allowed. */
const known = {
  '--market': oneOf(markets),
  '--file': matching(/./, 'the path of a capture'),
  '--speed': (text) => (text === 'max' ? text : number(0.01, 100_000, false)(text)),
  '--seed': number(0, 4_294_967_295, true),
  '--bots': number(0, 500, true),
  '--bar-bots': number(0, barBotsMax, true),
  '--grid-bot': undefined,
  '--strategies': matching(/./, 'the path of a folder'),
  '--model-bot': undefined,
  '--port': number(0, 65_535, true),
  '--name': matching(/^[a-z0-9][a-z0-9-]{0,40}$/, 'up to 40 small letters, digits and hyphens'),
  '--reset': undefined,
  '--single-process': undefined,
  '--check': undefined,
  '--json': undefined,
  '--help': undefined,
};

/** How many single-letter edits lie between two words. */
export function editDistance(left, right) {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const change = previous[column - 1] + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(change, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[right.length];
}

function samePrefix(left, right) {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
}

/** @returns {string | undefined} the known word that was probably meant */
export function nearest(word, words) {
  const [best] = words
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate), same: samePrefix(word, candidate) }))
    .sort((left, right) => left.distance - right.distance || right.same - left.same);
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

function unknownOption(name) {
  const meant = nearest(name, Object.keys(known));
  return new Failure('UNKNOWN_OPTION', `there is no option "${name}".`, {
    where: name,
    next: meant === undefined ? 'run `npm start -- --help`' : `did you mean ${meant}? (npm start -- --help lists all)`,
    exitCode: 2,
  });
}

function invalidOption(name, text, allowed) {
  const said = text === undefined ? 'has no value' : `cannot be "${text}"`;
  return new Failure('INVALID_OPTION', `${name} ${said}.`, { where: name, next: `give ${allowed}`, exitCode: 2 });
}

/**
 * @param {readonly string[]} args as after `npm start --`; `--name value` and `--name=value` mean the same
 * @throws {Failure} UNKNOWN_OPTION, INVALID_OPTION
 */
export function parseOptions(args) {
  const values = {};
  const left = [...args];
  while (left.length > 0) {
    const [name, ...rest] = left.shift().split('=');
    if (!Object.hasOwn(known, name)) throw unknownOption(name);
    const read = known[name];
    if (read === undefined) {
      if (rest.length > 0) throw invalidOption(name, rest.join('='), 'no value: it is a switch');
      values[name] = true;
      continue;
    }
    const text = rest.length > 0 ? rest.join('=') : left.shift();
    const value = text === undefined ? new Error('a value after it') : read(text);
    if (value instanceof Error) throw invalidOption(name, text, value.message);
    values[name] = value;
  }
  return completed(values);
}

function completed(values) {
  const market = values['--market'] ?? (values['--file'] === undefined ? 'synthetic' : 'recorded');
  if (market === 'recorded' && values['--file'] === undefined) {
    throw invalidOption('--file', undefined, 'the capture to replay, as in --market recorded --file capture.ws.gz');
  }
  if (market === 'synthetic' && values['--file'] !== undefined) {
    throw invalidOption('--market', 'synthetic', 'recorded, or leave out --file');
  }
  const check = values['--check'] ?? false;
  // More kinds come where nobody says how many bots there are to be, and the market is one that suits them.
  const isUsual = market === 'synthetic' && values['--bots'] === undefined;
  if (values['--json'] && !check) throw invalidOption('--json', undefined, '--check with it');
  return {
    market,
    file: values['--file'],
    speed: values['--speed'] ?? (check && market === 'synthetic' ? checkSpeed : 1),
    seed: values['--seed'] ?? 1,
    bots: values['--bots'] ?? 5,
    barBots: values['--bar-bots'] ?? (isUsual ? barBotsMax : 0),
    gridBot: values['--grid-bot'] ?? isUsual,
    strategies: values['--strategies'],
    modelBot: values['--model-bot'] ?? false,
    port: values['--port'],
    name: values['--name'],
    reset: values['--reset'] ?? false,
    singleProcess: values['--single-process'] ?? false,
    check,
    json: values['--json'] ?? false,
    help: values['--help'] ?? false,
  };
}
