import { Failure } from '../failure.mjs';

export const helpText = `npm run train -- [options]     trains the direction model, says how good it is out of sample, writes model.onnx and model.json

  --minutes N          so much of the simulated exchange's own market, 10 to 10000 (default 240)
  --symbol SYMBOL      of it (default BTC-USDT)
  --file PATH          a recorded capture instead
  --seed N             of the market, the weights and the order of the rows (default 20261)
  --target-bps N       what an entry is to reach (default 8)
  --stop-bps N         where it has failed (default 8)
  --hold-seconds N     how long it is given (default 8)
  --delay-ms N         an order reaches the venue so much later (default 100)
  --fees-bps N         of entry and exit together (default 4, as on the simulated exchange of npm start)
  --hidden N           hidden units, 0 to 64; 0: two logistic regressions (default 0)
  --name NAME          of the model (default direction)
  --version N          (default 1)
  --for LIST           instruments that it may speak of (default sim:*, of a capture its own)
  --out DIR            where NAME/VERSION is written (default .runtime/models); it serves as MODELS_DIR
  --json               the whole model.json as one line of stdout
  --help               this text
`;

const number =
  (least, most, whole = true) =>
  (text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
    return fits ? value : new Error(`a ${whole ? 'whole number' : 'number'} from ${least} to ${most}`);
  };
const matching = (pattern, description) => (text) => (pattern.test(text) ? text : new Error(description));

/** Option → reader and what holds without it. */
const known = {
  '--minutes': { read: number(10, 10_000), absent: 240 },
  '--symbol': { read: matching(/^[A-Z0-9]{2,20}-[A-Z0-9]{2,20}$/, 'a symbol such as BTC-USDT'), absent: 'BTC-USDT' },
  '--file': { read: matching(/./, 'the path of a capture') },
  '--seed': { read: number(0, 4_294_967_295), absent: 20_261 },
  '--target-bps': { read: number(0.1, 1_000, false), absent: 8 },
  '--stop-bps': { read: number(0.1, 1_000, false), absent: 8 },
  '--hold-seconds': { read: number(1, 3_600, false), absent: 8 },
  '--delay-ms': { read: number(0, 60_000), absent: 100 },
  '--fees-bps': { read: number(0, 1_000, false), absent: 4 },
  '--hidden': { read: number(0, 64), absent: 0 },
  '--name': { read: matching(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens'), absent: 'direction' },
  '--version': { read: number(1, 1_000_000), absent: 1 },
  '--for': {
    read: matching(
      /^[a-z0-9-]+:(\*|[A-Z0-9]+-[A-Z0-9]+)(,[a-z0-9-]+:(\*|[A-Z0-9]+-[A-Z0-9]+))*$/,
      'instruments such as sim:*,binance:BTC-USDT',
    ),
  },
  '--out': { read: matching(/./, 'a folder') },
  '--json': {},
  '--help': {},
};

/** @throws {Failure} UNKNOWN_OPTION, INVALID_OPTION */
export function parseTrainOptions(args) {
  const values = Object.fromEntries(Object.entries(known).map(([name, { absent }]) => [name, absent]));
  const left = [...args];
  while (left.length > 0) {
    const [name, ...rest] = left.shift().split('=');
    if (!Object.hasOwn(known, name)) {
      throw new Failure('UNKNOWN_OPTION', `there is no option "${name}".`, {
        where: name,
        next: 'run `npm run train -- --help`',
        exitCode: 2,
      });
    }
    const { read } = known[name];
    const text = read === undefined || rest.length > 0 ? rest.join('=') : left.shift();
    const value = read === undefined ? true : text === undefined ? new Error('a value after it') : read(text);
    if (value instanceof Error) {
      const said = text === undefined ? 'has no value' : `cannot be "${text}"`;
      throw new Failure('INVALID_OPTION', `${name} ${said}.`, {
        where: name,
        next: `give ${value.message}`,
        exitCode: 2,
      });
    }
    values[name] = value;
  }
  return values;
}
