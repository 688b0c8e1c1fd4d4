import { createServer } from 'node:net';

// Below the range out of which systems give ports to outgoing connections and to whoever asks for any: between the choice of a
// port and the listening on it, and while a killed server is started again, nobody is handed it by accident.
const [lowest, highest] = [10_240, 32_767];
const portsAProcess = 32;
const blocks = Math.floor((highest - lowest + 1) / portsAProcess);

// Processes that choose at the same moment begin at different places.
let next = (process.pid % blocks) * portsAProcess;

function listen(server, where) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => resolve(server.address().port));
  });
}

/** @returns {Promise<boolean>} whether a server could listen there now */
export async function isPortFree(port, host = '127.0.0.1') {
  const server = createServer();
  try {
    await listen(server, { host, port });
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

/**
 * A port on 127.0.0.1 that nobody listens on, and that this process has not given away before.
 * @returns {Promise<number>}
 * @throws {Error} when every port of the range is taken
 */
export async function freePort() {
  for (let tried = 0; tried < blocks * portsAProcess; tried += 1) {
    const port = lowest + next;
    next = (next + 1) % (blocks * portsAProcess);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no port from ${lowest} to ${highest} is free`);
}

/**
 * @param {number} count
 * @returns {Promise<number[]>} that many, all different
 */
export async function freePorts(count) {
  const ports = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
}
