// `npm start`: one instance from the first server to the last bot, in the foreground, until somebody ends it.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createChildren } from '../children.mjs';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { claimInstance, removeInstance, sweepTemporary } from '../instance.mjs';
import { endingSignals, watchParent } from '../parent.mjs';
import { root } from '../paths.mjs';
import { say, step } from '../progress.mjs';
import { prepareServers } from '../servers.mjs';
import { runCheck } from './check.mjs';
import { ensureDemoBots, logInAsOwner } from './first-user.mjs';
import { createGatewayClient } from './gateway-client.mjs';
import { parseOptions } from './options.mjs';
import { startPlatform } from './platform.mjs';
import { createStopwatch, reportLine, reportText } from './report.mjs';

const insistMs = 2_000;

/** npm runs scripts in the root of the clone; the person meant the folder they were in. */
const here = (path) => resolve(process.env.INIT_CWD ?? process.cwd(), path);

function resolveFile(options) {
  if (options.file === undefined) return options;
  const file = here(options.file);
  if (existsSync(file)) return { ...options, file };
  throw new Failure('FILE_NOT_FOUND', `there is no ${file}.`, {
    where: '--file',
    next: 'give the path of a capture, as in --file data/capture.ws.gz',
    exitCode: 2,
  });
}

/** The folder with the person's own strategies, if there is one. */
function resolveStrategies(options) {
  const named = options.strategies ?? (process.env.STRATEGIES_DIR || undefined);
  const usual = join(root, 'strategies');
  if (named === undefined) return existsSync(usual) ? { ...options, strategies: usual } : options;
  const strategies = here(named);
  if (existsSync(strategies)) return { ...options, strategies };
  throw new Failure('FILE_NOT_FOUND', `there is no ${strategies}.`, {
    where: options.strategies === undefined ? 'STRATEGIES_DIR' : '--strategies',
    next: 'give the path of a folder with strategies, as in --strategies my-strategies',
    exitCode: 2,
  });
}

/** Resolves with the reason when somebody ends us; a second signal after a while ends us at once. */
function interruption() {
  return new Promise((end) => {
    const since = { at: undefined };
    for (const name of endingSignals) {
      process.on(name, () => {
        if (since.at !== undefined && Date.now() - since.at > insistMs) process.exit(130);
        since.at ??= Date.now();
        end('interrupted');
      });
    }
    watchParent(() => end('the process that started this one has ended'));
  });
}

/** The kill switch of the machine: whoever judges and whoever sends hear it, the one also while the other is away. */
function haltOnSignal(children) {
  process.on('SIGUSR2', () => {
    const heard = children.signal(['risk-gate', 'execution', 'services'], 'SIGUSR2');
    say(`! SIGUSR2: trading of the whole platform is halted and open orders are canceled (${heard} processes told)`);
  });
}

function announce({ address, grpcAddress, operations, credentials, options }) {
  const lines = ['', `Scalpstorm runs at ${address}`];
  if (credentials) lines.push(`  log in as  ${credentials.email}`, `  password   ${credentials.password}`);
  lines.push(
    `  market     ${options.market === 'recorded' ? `${options.file} at speed ${options.speed}` : `synthetic, seed ${options.seed}`}`,
  );
  lines.push(`  gRPC       ${grpcAddress}`, `  operations ${operations}`);
  lines.push('  Ctrl-C ends it.', '');
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function startTrading({ options, instance, children, stopwatch }) {
  const prepared = await prepareServers({ instance });
  stopwatch.lap('setup');
  const { address, grpcAddress, operations, exchange } = await startPlatform({ options, instance, children, prepared });
  const client = createGatewayClient(address);
  const credentials = await logInAsOwner({ client, instance });
  if (credentials && (options.bots > 0 || options.barBots > 0 || options.gridBot || options.modelBot)) {
    await step('starting the demo bots', () =>
      ensureDemoBots({
        client,
        symbols: exchange.symbols,
        count: options.bots,
        wake: options.check,
        market: options.market,
        model: options.modelBot,
        bars: options.barBots,
        grid: options.gridBot,
      }),
    );
  }
  stopwatch.lap('start');
  return { address, grpcAddress, operations, exchange, client, credentials };
}

/** Runs until the check is through, or, without --check, until somebody ends it. */
async function session({ options, instance, children, stopwatch }) {
  const started = await startTrading({ options, instance, children, stopwatch });
  if (!options.check) {
    announce({ ...started, options });
    return new Promise(() => undefined);
  }
  const { client, exchange } = started;
  const lap = (name) => stopwatch.lap(name);
  const processes = instance.recorded;
  return runCheck({ client, market: options.market, endOfFile: exchange.endOfFile, lap, processes });
}

async function runInstance(options, stopwatch) {
  const temporary = options.check && options.name === undefined;
  const name = options.name ?? (temporary ? `check-${process.pid}` : 'default');
  if (temporary) await sweepTemporary('check-');
  const instance = await claimInstance(name, { reset: options.reset, temporary });
  const children = createChildren({
    onChange: instance.record,
    temporary: temporary ? instance.directory : undefined,
  });
  haltOnSignal(children);
  const ended = interruption();
  try {
    const reason = ended.then((why) => ({ ok: false, interrupted: true, reason: why }));
    return await Promise.race([session({ options, instance, children, stopwatch }), reason]);
  } finally {
    await step('stopping', () => children.endAll());
    if (temporary) removeInstance(name);
    instance.release();
    stopwatch.lap('stop');
  }
}

function answer(options, outcome) {
  if (!options.check) return outcome.interrupted ? 0 : 1;
  const text = options.json ? reportLine(outcome) : reportText(outcome);
  process.stdout.write(`${text}\n`);
  return outcome.ok ? 0 : 1;
}

async function main(args) {
  const stopwatch = createStopwatch(Number(process.env.SCALPSTORM_SETUP_STARTED_AT ?? Date.now()));
  let options = { check: false, json: args.includes('--json') };
  try {
    options = resolveStrategies(resolveFile(parseOptions(args)));
    const outcome = await runInstance(options, stopwatch);
    return answer(options, { ...outcome, seconds: stopwatch.seconds() });
  } catch (error) {
    say(errorText(error));
    if (options.json) {
      const reason = error instanceof Failure ? `${error.code}: ${error.message}` : String(error);
      process.stdout.write(`${reportLine({ ok: false, seconds: stopwatch.seconds(), reason })}\n`);
    }
    return exitCodeOf(error);
  }
}

// A bug ends us at once; the guardian ends the children.
process.on('uncaughtException', (error) => {
  say(errorText(error));
  process.exit(1);
});
process.exit(await main(process.argv.slice(2)));
