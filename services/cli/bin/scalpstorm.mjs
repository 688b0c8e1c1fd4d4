#!/usr/bin/env node
// The `scalpstorm` command. Plain JavaScript without dependencies, because it runs before anything is installed or built:
// it sets the project up when that is needed, puts the pinned Node first and hands over to the service's own program.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const binaries = join(root, 'node_modules', '.bin');
const pinnedNode = join(binaries, 'node');
const parentPollMs = 200;

/** Command → the program that does it, and what must have been built for it, relative to the root. */
const commands = {
  'sim-exchange': {
    program: 'dist/sim-exchange.js',
    needs: 'dist/sim-exchange.js',
    text: 'the simulated exchange alone (Binance spot protocol)',
  },
  'dead-letters': {
    program: 'tools/operator/dead-letters.mjs',
    needs: 'libs/platform/bus/dist/index.js',
    text: 'what services could not handle: list it, send it again',
  },
  trading: {
    program: 'tools/operator/trading.mjs',
    needs: 'libs/platform/bus/dist/index.js',
    text: 'halt or release the whole platform',
  },
};

/** What the client does: a program of one process, which talks with the gateway and with whoever sits at the terminal. */
const client = 'dist/cli.js';
const clientCommands = {
  login: 'log in and remember it on this machine',
  logout: 'end the session and forget it',
  whoami: 'who is logged in, and where',
  password: 'change my password',
  sessions: 'where I am logged in',
  bots: 'list, show, create, edit, delete, start, pause, resume, stop, flatten',
  orders: 'list, show, cancel',
  fills: 'my fills',
  positions: 'what my fills add up to; close one',
  balances: 'what the venues say I hold',
  activity: 'the log; --follow',
  risk: 'limits, and whether trading is allowed',
  reconcile: 'compare my books with the venues now',
  reconciliation: 'what was found when books and venues were compared; orders that nobody placed here',
  halt: 'emergency: stop opening orders at once',
  'halt-proof': 'is anything open? what the venues say',
  'dead-man': 'timers that halt by themselves unless they are renewed',
  release: 'allow opening orders again',
  accounts: 'accounts that bots may trade at',
  'venue-accounts': 'my keys at the venues: add, test, rotate, remove',
  'api-keys': 'keys for programs: list, create, revoke',
  backtest: 'run a strategy over bars of a file, here',
  backtests: 'the same on the platform, over candles of its venues: run, list, show, cancel',
  optimise: 'search for parameters over bars of a file, and say what the best is worth',
  optimisations: 'the same on the platform, over candles of its venues: run, list, show, cancel',
  certify: 'look whether a strategy knows what nobody can know',
  certificates: 'the same by the platform, for live bots: request, list, show, cancel',
  replay: 'take the steps of a bot again, and compare',
  gap: 'what a backtest would have done, trade by trade',
  report: 'one HTML file of a kept backtest',
  compare: 'up to four kept backtests side by side',
  audit: 'the audit log: list its chains, verify them; administrators only',
  notifications: 'how and about what I am told: Telegram, e-mail, webhook',
  users: 'who may come in; administrators only',
  strategy: 'write, check and share strategies, here: new, test, check, show, export, import',
  strategies: 'what bots may run, and its parameters',
  instruments: 'what can be traded',
  prices: 'the newest prices',
  candles: 'the newest candles of an instrument',
  version: 'of program, gateway and API',
  watch: 'bots, prices and the log, live',
  doctor: 'what is wrong, and what to do about it',
  completion: 'a script for bash or zsh',
};

const listed = [...Object.entries(clientCommands), ...Object.entries(commands).map(([name, { text }]) => [name, text])];
const usageText = `scalpstorm <command> [options]

${listed.map(([name, text]) => `  ${name.padEnd(15)} ${text}`).join('\n')}
  help            this text
  --version       of this program; \`version\` asks the gateway, too

scalpstorm <command> --help lists the options of a command; --json gives JSON everywhere.
Exit codes: 0 done, 1 failed, 2 asked wrongly, 3 refused by the platform, 4 not reachable, 5 not logged in.`;

const args = process.argv.slice(2);
// Options that every command takes may stand before it.
const at = args.findIndex((arg, index) => !arg.startsWith('-') && !['--url', '--profile'].includes(args[index - 1]));
const name = at < 0 ? args[0] : args[at];
if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
  process.stdout.write(`${usageText}\n`);
  process.exit(name === undefined ? 2 : 0);
}
if (at < 0 && (args.includes('--version') || args.includes('-V'))) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
  process.exit(0);
}
if (Object.hasOwn(clientCommands, name)) {
  setUp(client);
  runClient(args);
} else if (Object.hasOwn(commands, name)) {
  setUp(commands[name].needs);
  run(commands[name].program, [...args.slice(0, at), ...args.slice(at + 1)]);
} else {
  const names = listed.map(([known]) => known);
  const near = nearest(name, [...names, 'help']);
  const hint = near === null ? `commands: ${names.join(', ')}, help` : `did you mean '${near}'?`;
  process.stderr.write(`UNKNOWN_COMMAND: '${name}' is no command; ${hint}\n`);
  process.exit(2);
}

/** The terminal is the client's own, for questions and Ctrl-C; we only wait, and pass on what it ends with. */
function runClient(words) {
  const env = { ...process.env, SCALPSTORM_ROOT: root };
  const child = spawn(pinnedNode, [join(root, client), ...words], { env, stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // Ctrl-C reaches the client from the terminal, and it ends by itself.
  process.on('SIGINT', () => {});
  child.on('error', (error) => {
    process.stderr.write(`COULD_NOT_START: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
}

/** Installs and builds once, when the pinned Node or the program is missing. */
function setUp(needed) {
  const isReady = () => existsSync(pinnedNode) && existsSync(join(root, needed));
  if (isReady()) return;
  const runner = join(root, 'tools', 'run.mjs');
  if (existsSync(runner)) {
    // Whatever the set-up says goes to stderr: the first line of stdout belongs to the command.
    spawnSync(process.execPath, [runner, 'setup'], { cwd: root, stdio: ['ignore', 2, 2] });
    if (isReady()) return;
  }
  process.stderr.write(`NOT_SET_UP: ${needed} or the pinned Node is missing. Run \`npm run setup\` in ${root}\n`);
  process.exit(1);
}

function run(program, args) {
  const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}`, SCALPSTORM_PARENT: 'stdin' };
  // The pipe on the child's stdin closes when this process is gone, however it went: the child then ends by itself.
  const child = spawn(pinnedNode, [join(root, program), ...args], { env, stdio: ['pipe', 'inherit', 'inherit'] });
  child.stdin.on('error', () => {});
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`COULD_NOT_START: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));
  endWithAncestors(() => child.kill('SIGTERM'));
  if (process.env.SCALPSTORM_PARENT !== 'stdin') return;
  process.stdin.on('end', () => child.kill('SIGTERM'));
  process.stdin.resume();
}

/**
 * `npx` puts a shell between itself and us, and a signal ends both of them without reaching us: whose parent has changed
 * has lost it. Where the system shows it (Linux), the parent's parent is watched too, for an `npx` that was killed.
 */
function endWithAncestors(end) {
  const ancestors = () =>
    [process.ppid, ...(process.env.npm_command === 'exec' ? [parentOf(process.ppid)] : [])].join();
  const atStart = ancestors();
  setInterval(() => ancestors() !== atStart && end(), parentPollMs).unref();
}

function parentOf(pid) {
  try {
    // The name in parentheses may hold anything; the state and the parent's id follow it.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1];
  } catch {
    return null;
  }
}

/** The known word at the smallest edit distance, if that is small. */
function nearest(word, words) {
  const ranked = words.map((one) => [editDistance(word, one), one]).sort(([left], [right]) => left - right);
  const [distance, best] = ranked[0];
  return distance <= Math.max(2, word.length / 3) ? best : null;
}

function editDistance(left, right) {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      next.push(Math.min(row[j - 1] + (left[i - 1] === right[j - 1] ? 0 : 1), row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[right.length];
}
