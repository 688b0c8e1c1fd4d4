import { createServer } from 'node:net';

function listen(server, where) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => resolve(server.address().port));
  });
}

/**
 * Ports on 127.0.0.1 that nobody listened on a moment ago, all different.
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  // All are held until the last is known, or the system could hand the same one out twice.
  const ports = await Promise.all(servers.map((server) => listen(server, { host: '127.0.0.1', port: 0 })));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** @returns {Promise<number>} */
export async function freePort() {
  const [port] = await freePorts(1);
  return port;
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
