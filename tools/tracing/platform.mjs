// Every service as a process of its own on the servers of the tests: prices are told by the test, orders go to the simulated exchange,
// and everything that anybody says is kept.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { testNats, throwAwayNamespace } from '@scalpstorm/bus/testing';
import postgres from 'postgres';
import { startVenue } from '../../bench/tick-to-order/venue.mjs';
import { programOf } from '../bundle/programs.mjs';

const startMs = 90_000;

/** A process whose lines are kept; `line` resolves with the first that is the one. */
export function startProcess({ name, args = [], env }) {
  const child = spawn(process.execPath, [programOf(name), ...args], {
    env: { PATH: process.env.PATH, SCALPSTORM_PARENT: 'stdin', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines = [];
  const waiting = new Set();
  const keep = (line) => {
    lines.push(line);
    for (const look of waiting) look();
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', keep);
  const exited = once(child, 'exit').then(() => {
    for (const look of waiting) look();
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    name,
    lines,
    hasEnded,
    line: (isIt) =>
      new Promise((resolve, reject) => {
        const end = (settle, value) => {
          clearTimeout(timer);
          waiting.delete(look);
          settle(value);
        };
        const failure = (what) => new Error(`${name} ${what}:\n${lines.slice(-15).join('\n')}`);
        const look = () => {
          const found = lines.find(isIt);
          if (found !== undefined) end(resolve, found);
          else if (hasEnded()) end(reject, failure('ended'));
        };
        const timer = setTimeout(() => end(reject, failure('did not say it')), startMs);
        waiting.add(look);
        look();
      }),
    stop: async (signal = 'SIGTERM') => {
      if (!hasEnded()) child.kill(signal);
      await exited;
    },
  };
}

/** What a service needs of the servers of the tests. */
export function serverEnvironment(name, { place, url = place.address(name).url }) {
  const { user, password } = place.address(name);
  return {
    SCALPSTORM_NAMESPACE: place.namespace,
    NATS_URL: url,
    NATS_USER: user,
    NATS_PASSWORD: password,
    POSTGRES_URL: process.env.TEST_POSTGRES_URL,
    REDIS_URL: process.env.TEST_REDIS_URL,
  };
}

/**
 * @param {{shared: Record<string, string>, own: Record<string, Record<string, string>>, exchange: Record<string, string>}} given
 *   what all services, one of them, and the exchange find in their environment
 */
export async function startPlatform({ shared, own, exchange }) {
  const place = await throwAwayNamespace(testNats());
  const venue = await startVenue({ symbols: 1 });
  const symbol = `${venue.symbolOf(0).slice(0, -4)}-USDT`;
  const processes = [];
  const start = (name, { args, env }) => {
    const started = startProcess({ name, args, env });
    processes.push(started);
    return started;
  };
  const stop = async () => {
    await Promise.all(processes.map((one) => one.stop()));
    await venue.stop();
    await place.remove();
    await dropSchemas(place.namespace);
  };
  try {
    const market = ['--port', '0', '--json', '--seed', '7', '--speed', '8', '--symbols', symbol];
    const fees = ['--maker-fee', '0.0001', '--taker-fee', '0.0002'];
    const simulated = start('sim-exchange', { args: [...market, ...fees], env: exchange });
    const announced = JSON.parse(await simulated.line((line) => line.startsWith('{"') && line.includes('"rest"')));
    const addresses = { rest: announced.rest, spotWs: announced.spotWs, wsApi: announced.wsApi };
    const account = { id: 'demo', label: 'Demo', venue: 'sim', mode: 'demo', ...addresses, ...announced.account };
    const settings = {
      'market-data': {
        SIM_REST_URL: venue.rest,
        SIM_SPOT_WS_URL: venue.spotWs,
        SIM_WS_API_URL: venue.wsApi,
        MARKET_STALE_AFTER: '600s',
      },
      execution: { VENUE_ACCOUNTS: JSON.stringify([account]) },
      'risk-gate': { RISK_MARKET_AGE_MS_MAX: '600000' },
    };
    const urls = {};
    const names = [
      'market-data',
      'execution',
      'risk-gate',
      'strategy',
      'gateway',
      'notifications',
      'inference',
      'research',
    ];
    await Promise.all(
      names.map(async (name) => {
        const env = { ...serverEnvironment(name, { place }), ...shared, ...settings[name], ...own[name] };
        const started = start(name, { env });
        const { operationsUrl, url } = JSON.parse(await started.line((line) => line.includes('"msg":"serving"')));
        urls[name] = { operationsUrl, url };
        await ready(operationsUrl);
      }),
    );
    return { place, venue, symbol, announced, processes, urls, stop, start };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(url) {
  const end = Date.now() + startMs;
  let said = '';
  while (Date.now() < end) {
    const response = await fetch(`${url}/health/ready`).catch(() => undefined);
    said = (await response?.text()) ?? '';
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not ready: ${said}`);
}

async function dropSchemas(namespace) {
  const sql = postgres(process.env.TEST_POSTGRES_URL, { max: 1, onnotice: () => undefined });
  const prefix = `${namespace.replaceAll('-', '_')}_`;
  const schemas = await sql`select nspname as name from pg_namespace where starts_with(nspname, ${prefix})`;
  for (const { name } of schemas) await sql`drop schema ${sql(name)} cascade`;
  await sql.end();
}
