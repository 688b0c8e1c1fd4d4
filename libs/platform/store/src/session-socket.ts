import net from 'node:net';
import tls from 'node:tls';
import { ConnectionLost } from './errors.js';

const connectMs = 10_000;
/** Length 8, code 80877103: "do you speak TLS?" (PostgreSQL protocol, 53.2.10). */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Opens the socket of one session; `sslmode` as in libpq (`require` encrypts, `verify-full` also checks the certificate). */
export async function openSocket(url: URL): Promise<net.Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const socket = net.connect({ host, port: Number(url.port || 5432), noDelay: true, keepAlive: true });
  try {
    await opened(socket, 'connect');
    const mode = url.searchParams.get('sslmode') ?? 'disable';
    return mode === 'disable' || mode === 'allow' ? socket : await encrypted(socket, { host, mode });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function encrypted(socket: net.Socket, { host, mode }: { host: string; mode: string }): Promise<net.Socket> {
  socket.write(sslRequest);
  const answer = await new Promise<Buffer>((resolve, reject) => {
    socket.once('data', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new ConnectionLost('the server hung up when asked for TLS')));
  });
  socket.removeAllListeners();
  if (answer[0] !== 'S'.charCodeAt(0)) {
    if (mode === 'prefer') return socket;
    throw new Error(`the Postgres server does not offer TLS, but sslmode=${mode} asks for it`);
  }
  const servername = net.isIP(host) === 0 ? host : '';
  const secured = tls.connect({ socket, servername, rejectUnauthorized: mode.startsWith('verify') });
  await opened(secured, 'secureConnect');
  return secured;
}

function opened(socket: net.Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      clearTimeout(timer);
      socket.off(event, succeed).off('error', settle);
      if (error === undefined) resolve();
      else reject(error);
    };
    const succeed = () => settle();
    const timer = setTimeout(() => {
      settle(Object.assign(new Error(`no connection within ${connectMs} ms`), { code: 'CONNECT_TIMEOUT' }));
    }, connectMs);
    socket.once(event, succeed).once('error', settle);
  });
}
