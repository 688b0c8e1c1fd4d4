// The gateway as a process of its own, with one user; the bench plays the strategy service, which writes lines of the log.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NatsBus, newMeta, provisionTopology } from '@scalpstorm/bus';
import { activityLogged } from '@scalpstorm/contracts';
import { SystemClock } from '@scalpstorm/observability';
import { freePorts } from '../../tools/ports.mjs';

const namespace = `bench-fanout-${process.pid}`;
const program = fileURLToPath(new URL('../../dist/gateway.js', import.meta.url));
const readyMs = 60_000;
const setupToken = 'set-up of the bench';
const credentials = { email: 'bench@example.com', password: 'a bench has no secrets' };

export async function startGateway() {
  const passwords = JSON.parse(process.env.TEST_NATS_PASSWORDS);
  const url = process.env.TEST_NATS_URL;
  const user = process.env.TEST_NATS_ADMIN_USER;
  await provisionTopology({ url, user, password: process.env.TEST_NATS_ADMIN_PASSWORD, namespace });
  const [port, operationsPort] = await freePorts(2);
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env.PATH,
      SCALPSTORM_NAMESPACE: namespace,
      SCALPSTORM_PARENT: 'stdin',
      SCALPSTORM_SETUP_TOKEN: setupToken,
      JWT_SECRET: 'a bench has no secrets, but they are long enough',
      REQUESTS_PER_SECOND_PER_USER: '100000',
      REQUESTS_PER_SECOND_PER_ADDRESS: '100000',
      PORT: String(port),
      OPERATIONS_PORT: String(operationsPort),
      NATS_URL: url,
      NATS_USER: 'gateway',
      NATS_PASSWORD: passwords.gateway,
      POSTGRES_URL: process.env.TEST_POSTGRES_URL,
      REDIS_URL: process.env.TEST_REDIS_URL,
      LOG_LEVEL: 'warn',
    },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const address = `http://127.0.0.1:${port}`;
  const operations = `http://127.0.0.1:${operationsPort}`;
  await ready(operations, child);
  const { accessToken } = await post(`${address}/v1/setup`, { token: setupToken, ...credentials });
  const speaker = { namespace, url, user: 'strategy', password: passwords.strategy, speaker: 'strategy' };
  const nats = await NatsBus.open(speaker);
  const clock = new SystemClock();
  return {
    streamUrl: `ws://127.0.0.1:${port}/v1/stream`,
    token: accessToken,
    /** Lines for everybody; each becomes one frame to every client. */
    say: async (count) => {
      const line = (index) => ({
        meta: newMeta(clock, null),
        activity: { level: 'INFO', code: 'BENCH', text: `line ${index}`, userId: null, botId: null, data: {} },
      });
      await Promise.all(Array.from({ length: count }, (_, index) => nats.bus.send(activityLogged, line(index))));
    },
    cpuSeconds: () => cpuSeconds(operations),
    stop: async () => {
      await nats.close();
      child.stdin.end();
    },
  };
}

async function cpuSeconds(operations) {
  const text = await (await fetch(`${operations}/metrics`)).text();
  const found = /^process_cpu_seconds_total(?:\{[^}]*\})? (\S+)/m.exec(text);
  if (found === null) throw new Error('the gateway does not tell its CPU time');
  return Number(found[1]);
}

async function ready(operations, child) {
  const until = Date.now() + readyMs;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}`);
    const answered = await fetch(`${operations}/health/ready`).catch(() => null);
    if (answered?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the gateway did not become ready');
}

async function post(url, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered with ${response.status}: ${await response.text()}`);
  return response.json();
}
