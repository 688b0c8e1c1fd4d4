// All services as separate processes against a simulated exchange, in a namespace of their own.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { provisionTopology } from '@scalpstorm/bus';
import { startSimulatedExchange } from '@scalpstorm/venue-binance/testing';
import { freePort } from '../../tools/ports.mjs';

const namespace = `bench-api-${process.pid}`;
const readyMs = 60_000;
export const setupToken = 'a-set-up-token-for-the-bench';
const service = (name) => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));

export async function startPlatform() {
  const { TEST_NATS_URL, TEST_NATS_PASSWORDS, TEST_NATS_ADMIN_USER, TEST_NATS_ADMIN_PASSWORD } = process.env;
  await provisionTopology({
    url: TEST_NATS_URL,
    user: TEST_NATS_ADMIN_USER,
    password: TEST_NATS_ADMIN_PASSWORD,
    namespace,
  });
  const passwords = JSON.parse(TEST_NATS_PASSWORDS);
  const exchange = await startSimulatedExchange();
  const { rest, spotWs, wsApi } = exchange.addresses;
  const account = {
    id: 'demo',
    label: 'Bench',
    venue: 'sim',
    mode: 'demo',
    rest,
    spotWs,
    wsApi,
    ...exchange.credentials,
  };
  const own = {
    'market-data': { SIM_REST_URL: rest, SIM_SPOT_WS_URL: spotWs, SIM_WS_API_URL: wsApi, MARKET_SYMBOLS: 'sim:*' },
    execution: { VENUE_ACCOUNTS: JSON.stringify([account]) },
    'risk-gate': {},
    strategy: {},
    gateway: {
      JWT_SECRET: 'a secret of more than thirty-two characters',
      SCALPSTORM_SETUP_TOKEN: setupToken,
      REQUESTS_PER_SECOND_PER_USER: '100000',
      REQUESTS_PER_SECOND_PER_ADDRESS: '100000',
    },
  };
  const children = [];
  const publicPort = await freePort();
  for (const [name, settings] of Object.entries(own)) {
    const port = await freePort();
    const env = {
      PATH: process.env.PATH,
      SCALPSTORM_NAMESPACE: namespace,
      SCALPSTORM_PARENT: 'stdin',
      OPERATIONS_PORT: String(port),
      PORT: String(publicPort),
      NATS_URL: TEST_NATS_URL,
      NATS_USER: name,
      NATS_PASSWORD: passwords[name],
      POSTGRES_URL: process.env.TEST_POSTGRES_URL,
      REDIS_URL: process.env.TEST_REDIS_URL,
      LOG_LEVEL: 'warn',
      ...settings,
    };
    const child = spawn(process.execPath, [service(name)], { env, stdio: ['pipe', 'ignore', 'inherit'] });
    children.push(child);
    await ready({ name, port, child });
  }
  return {
    url: `http://127.0.0.1:${publicPort}`,
    exchange: { rest, ...exchange.credentials },
    stop: async () => {
      for (const child of children) child.kill('SIGKILL');
      await exchange.stop();
    },
  };
}

async function ready({ name, port, child }) {
  const end = Date.now() + readyMs;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${name} was not ready after ${readyMs} ms`);
}
