// The least that can do it: `ws` sends one buffer to everybody, as often as it is told to.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';

const self = fileURLToPath(import.meta.url);

export async function startPlain() {
  const child = fork(self, [], { stdio: 'inherit' });
  const [{ port }] = await once(child, 'message');
  const ask = async (question) => {
    child.send(question);
    const [answer] = await once(child, 'message');
    return answer;
  };
  return {
    streamUrl: `ws://127.0.0.1:${port}`,
    say: (count, frame) => ask({ count, frame }),
    cpuSeconds: async () => (await ask({ cpu: true })).seconds,
    stop: () => child.kill('SIGTERM'),
  };
}

/** One turn of the event loop a frame, so that what was sent can leave. */
async function broadcast(server, count, bytes) {
  for (let index = 0; index < count; index += 1) {
    for (const client of server.clients) client.send(bytes, { binary: false });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

if (process.argv[1] === self) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  process.send({ port: server.address().port });
  process.on('message', async ({ count, frame, cpu }) => {
    if (cpu) {
      const { user, system } = process.cpuUsage();
      process.send({ seconds: (user + system) / 1e6 });
      return;
    }
    await broadcast(server, count, Buffer.from(frame));
    process.send({ done: true });
  });
  process.on('disconnect', () => process.exit(0));
}
