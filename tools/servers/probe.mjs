import { connect } from 'node:net';

const protocolVersion = 196_608;

/** A start-up message of the Postgres protocol, version 3.0. */
function startupMessage(user, database) {
  const body = Buffer.from(`user\0${user}\0database\0${database}\0\0`, 'utf8');
  const message = Buffer.alloc(8 + body.length);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(protocolVersion, 4);
  body.copy(message, 8);
  return message;
}

/**
 * Opens a connection, says the first word and returns the first answer.
 * @param {{host: string, port: number, hello?: Buffer | string, timeoutMs?: number}} where
 * @returns {Promise<Buffer>}
 */
export function firstAnswer({ host, port, hello, timeoutMs = 2_000 }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer from ${host}:${port} in ${timeoutMs} ms`)));
    socket.once('connect', () => hello !== undefined && socket.write(hello));
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer);
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`${host}:${port} closed the connection`)));
  });
}

/** Resolves when the server asks for a password: it is up and has finished its recovery. */
export async function postgresAnswers({ host, port, user, database }) {
  const answer = await firstAnswer({ host, port, hello: startupMessage(user, database) });
  if (answer[0] !== 'R'.charCodeAt(0)) {
    throw new Error(`Postgres is not ready: ${answer.subarray(5).toString('utf8').split('\0').join(' ').trim()}`);
  }
}

/** Resolves when NATS introduces itself; JetStream is up before it listens. */
export async function natsAnswers({ host, port }) {
  const info = (await firstAnswer({ host, port })).toString('utf8');
  if (!info.startsWith('INFO ')) throw new Error(`${host}:${port} does not speak NATS`);
  if (!info.includes('"jetstream":true')) throw new Error(`NATS at ${host}:${port} runs without JetStream`);
}

/** A command in the protocol of Redis. */
export function redisCommand(...words) {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** Resolves when Redis takes the password. */
export async function redisAnswers({ host, port, user, password }) {
  const hello = password ? redisCommand('AUTH', ...(user ? [user] : []), password) : redisCommand('PING');
  const answer = (await firstAnswer({ host, port, hello })).toString('utf8');
  if (!answer.startsWith('+OK') && !answer.startsWith('+PONG')) throw new Error(`Redis says ${answer.trim()}`);
}

/**
 * Waits until `probe` passes. What answers when the process has ended is somebody else.
 * @param {() => Promise<void>} probe
 * @param {{timeoutMs: number, stillRunning?: () => boolean}} bound
 */
export async function waitUntil(probe, { timeoutMs, stillRunning }) {
  const until = Date.now() + timeoutMs;
  for (;;) {
    try {
      const answer = await probe();
      if (stillRunning !== undefined && !stillRunning()) throw new Error('another process answers in its place');
      return answer;
    } catch (error) {
      if (stillRunning !== undefined && !stillRunning())
        throw new Error('it ended before it was ready', { cause: error });
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
