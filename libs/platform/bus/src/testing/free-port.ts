import { createServer } from 'node:net';

// Below the range out of which systems give ports to outgoing connections and to whoever asks for any, so that nobody else is
// handed the port before our server listens, or while it is started again.
const [lowest, highest] = [10_240, 32_767];

/** A port on 127.0.0.1 for a server of another process, which has to be told it beforehand. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < 1_000; tried += 1) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${lowest} to ${highest} seems to be free`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
