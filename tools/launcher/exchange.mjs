import { programOf } from '../bundle/programs.mjs';
import { Failure } from '../failure.mjs';
import { freePort } from '../ports.mjs';

const firstLineMs = 120_000;

// The built program itself: the `scalpstorm` command would only be one more process in between.
const program = programOf('sim-exchange');

/** What a frequent trader pays at a large venue; at the usual 0.1 % nobody scalps. */
const [makerFee, takerFee] = ['0.0001', '0.0002'];

function marketArgs({ market, file, speed, seed, symbols }) {
  const only = symbols === undefined ? [] : ['--symbols', symbols.join(',')];
  // A replay that began before the bots trade would be over too early.
  return market === 'recorded'
    ? ['--file', file, '--speed', String(speed), '--wait-for-subscriber', '--wait-for-order']
    : [...only, '--seed', String(seed), '--speed', String(speed), '--maker-fee', makerFee, '--taker-fee', takerFee];
}

function parse(line) {
  try {
    return line.startsWith('{') ? JSON.parse(line) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Starts the simulated exchange on a port that stays its own over restarts, and waits until it has a market.
 * @param {{options: object, instance: object, startProcess: (wanted: object) => {child: object, lastLines: () => string[]}}} wanted
 * @returns {Promise<{rest: string, spotWs: string, wsApi: string, symbols: readonly string[],
 *   account: {apiKey: string, secret: string}, endOfFile: Promise<void>}>}
 */
export async function startExchange({ options, instance, startProcess }) {
  const port = await freePort();
  let told;
  let ended;
  const firstLine = new Promise((resolve) => {
    told = resolve;
  });
  const endOfFile = new Promise((resolve) => {
    ended = resolve;
  });
  const onLine = (line) => {
    const message = parse(line);
    if (message?.rest !== undefined) told(message);
    if (message?.event === 'end-of-file') ended();
  };
  // A key of our own: the one that the exchange would derive from the seed is known to everybody.
  const environment = {
    SCALPSTORM_PARENT: 'stdin',
    SIM_API_KEY: instance.secret('exchange.key'),
    SIM_SECRET: instance.secret('exchange.secret'),
  };
  const state = instance.folder('exchange');
  const admin = options.admin ? ['--admin'] : [];
  const args = [program, '--port', String(port), '--state', state, '--json', ...admin, ...marketArgs(options)];
  const { child, lastLines } = startProcess({ name: 'sim-exchange', tier: 'venue', args, environment, onLine });
  const failed = (what) => {
    throw new Failure('EXCHANGE_NOT_STARTED', `the simulated exchange ${what}.`, {
      where: 'sim-exchange',
      details: lastLines().slice(-5),
      next:
        options.file === undefined
          ? 'read its log'
          : `check that ${options.file} is a capture; its log says which line is not`,
    });
  };
  let timer;
  const outcome = await Promise.race([
    firstLine,
    new Promise((resolve) => child.once('exit', (code) => resolve(`ended with ${code}`))),
    new Promise((resolve) => {
      timer = setTimeout(() => resolve(`had no market after ${firstLineMs / 1000} s`), firstLineMs);
    }),
  ]);
  clearTimeout(timer);
  return typeof outcome === 'string' ? failed(outcome) : { ...outcome, endOfFile };
}
