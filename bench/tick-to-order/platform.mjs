// market-data, strategy, risk-gate and execution as separate processes against the bench's venue, with one waiting bot a symbol.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BusMetrics, NatsBus, provisionTopology } from '@scalpstorm/bus';
import { botQuestion } from '@scalpstorm/contracts';
import { AccountId, InstrumentId, UserId } from '@scalpstorm/model';
import { Metrics, SystemClock } from '@scalpstorm/observability';
import { freePort } from '../../tools/ports.mjs';

const readyMs = 60_000;
const service = (name) => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));

/** @param {{namespace?: string, environment?: Record<string, string>}} [options] `environment`: of all services */
export async function startPlatform(venue, { namespace = `bench-${process.pid}`, environment = {} } = {}) {
  const passwords = JSON.parse(process.env.TEST_NATS_PASSWORDS);
  const url = process.env.TEST_NATS_URL;
  await provisionTopology({
    url,
    user: process.env.TEST_NATS_ADMIN_USER,
    password: process.env.TEST_NATS_ADMIN_PASSWORD,
    namespace,
  });
  const children = [];
  const addresses = [];
  const start = async (name, own = {}) => {
    const port = await freePort();
    const env = {
      PATH: process.env.PATH,
      SCALPSTORM_NAMESPACE: namespace,
      SCALPSTORM_PARENT: 'stdin',
      OPERATIONS_PORT: String(port),
      NATS_URL: url,
      NATS_USER: name,
      NATS_PASSWORD: passwords[name],
      POSTGRES_URL: process.env.TEST_POSTGRES_URL,
      REDIS_URL: process.env.TEST_REDIS_URL,
      LOG_LEVEL: 'warn',
      ...environment,
      ...own,
    };
    const child = spawn(process.execPath, [service(name)], { env, stdio: ['pipe', 'ignore', 'inherit'] });
    children.push(child);
    addresses.push(`http://127.0.0.1:${port}`);
    await ready(name, port, child);
  };
  const venueAddresses = { rest: venue.rest, spotWs: venue.spotWs, wsApi: venue.wsApi };
  const account = {
    id: 'demo',
    label: 'Bench',
    venue: 'sim',
    mode: 'demo',
    ...venueAddresses,
    apiKey: 'bench',
    secret: 'bench',
  };
  await start('market-data', {
    SIM_REST_URL: venue.rest,
    SIM_SPOT_WS_URL: venue.spotWs,
    SIM_WS_API_URL: venue.wsApi,
    MARKET_SYMBOLS: 'sim:*',
    MARKET_STALE_AFTER: '600s',
  });
  await start('execution', { VENUE_ACCOUNTS: JSON.stringify([account]) });
  await start('risk-gate', { RISK_MARKET_AGE_MS_MAX: '600000' });
  await start('strategy', { BOTS_PER_USER_MAX: '10000' });
  await createBots(venue, { url, user: 'gateway', password: passwords['gateway'], namespace });
  return {
    pids: () => children.map(({ pid }) => pid),
    /** Of health and metrics. */
    addresses: () => addresses,
    stop: async () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

async function ready(name, port, child) {
  const end = Date.now() + readyMs;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${name} was not ready after ${readyMs} ms`);
}

async function createBots(venue, credentials) {
  const clock = new SystemClock();
  const metrics = new BusMetrics(new Metrics('bench'));
  const nats = await NatsBus.open({ ...credentials, speaker: 'gateway', clock, metrics });
  const userId = UserId.of('usr_bench');
  for (let index = 0; index < venue.symbols; index += 1) {
    const symbol = `${venue.symbolOf(index).slice(0, -4)}-USDT`;
    const config = {
      name: `bench-${index}`,
      strategy: 'scalping-cycle',
      accountId: AccountId.of('demo'),
      mode: 'demo',
      instrumentId: InstrumentId.of('sim', symbol),
      parameters: {
        quantity: '0.1',
        buyPrice: { offset: '-1', unit: 'ticks', from: 'mid' },
        sellPrice: { offset: '5', unit: 'ticks', from: 'entry' },
        loop: false,
      },
    };
    const created = await nats.bus.ask(botQuestion, { kind: 'create', commandId: `create-${index}`, userId, config });
    if (!created.ok) throw new Error(`bot ${index}: ${JSON.stringify(created.refusals)}`);
    const command = { kind: 'verb', commandId: `start-${index}`, userId, botId: created.value.id, verb: 'start' };
    const started = await nats.bus.ask(botQuestion, command);
    if (!started.ok) throw new Error(`bot ${index}: ${JSON.stringify(started.refusals)}`);
  }
  await nats.close();
}
