// A TCP proxy that is a bad network when it is told to be one.
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Of one direction of a connection; more makes the sender wait, as a full window does. */
const waitingBytesMax = 4 * 1024 * 1024;
/** Remembered of the connections that were, newest last. */
const portsMax = 10_000;

/**
 * One direction: what comes in at `from` goes out at `to`, in order, each piece as late as `lagMs()` says. Frozen, it reads nothing: the
 * sender's system still takes what fits into its buffers, as it does when the other machine is gone.
 */
function createLane({ from, to, lagMs }) {
  let frozen = false;
  let waitingBytes = 0;
  let previous = Promise.resolve();
  let lastAt = 0;

  const flow = () => {
    if (frozen || waitingBytes > waitingBytesMax) from.pause();
    else from.resume();
  };
  const write = (chunk) =>
    new Promise((resolve) => {
      if (to.destroyed || to.writableEnded) resolve();
      else to.write(chunk, () => resolve());
    });
  const carry = async (chunk, dueAt) => {
    const leftMs = dueAt - Date.now();
    if (leftMs > 0) await delay(leftMs);
    await write(chunk);
    waitingBytes -= chunk.length;
    flow();
  };

  from.on('data', (chunk) => {
    waitingBytes += chunk.length;
    const lag = lagMs();
    // Nothing overtakes what came before it.
    lastAt = Math.max(lastAt, Date.now() + lag);
    const dueAt = lastAt;
    // Without a lag, and with nothing in front, it does not wait for a turn of the timers.
    if (lag === 0 && waitingBytes === chunk.length) {
      to.write(chunk, () => {
        waitingBytes -= chunk.length;
        flow();
      });
    } else previous = previous.then(() => carry(chunk, dueAt));
    flow();
  });
  let ended = false;
  const end = () => {
    ended = true;
    // A stream tells its end also while it is paused.
    if (!frozen) previous = previous.then(() => to.end());
  };
  from.once('end', end);
  flow();
  return {
    freeze: (wanted) => {
      frozen = wanted;
      flow();
      if (!frozen && ended) end();
    },
  };
}

/**
 * Listens on a port of its own and connects whoever comes to the target.
 * @param {{target: {host: string, port: number}, random: () => number}} wanted `random` spreads the lag
 * @returns {Promise<{port: number, upstreamPorts: () => readonly number[], living: () => number,
 *   slow: (lag: {delayMs: number, spreadMs: number}) => void, cut: () => void, halfOpen: () => void,
 *   heal: (how?: 'resume' | 'reset') => void, close: () => Promise<void>}>}
 *   `upstreamPorts`: the ports by which the target knows, or knew, the connections
 */
export async function createProxy({ target, random }) {
  const pairs = new Set();
  const waiting = new Set();
  const ports = [];
  let state = 'open';
  let lag = { delayMs: 0, spreadMs: 0 };
  const lagMs = () => (state === 'slow' ? lag.delayMs + random() * lag.spreadMs : 0);

  const join = (client) => {
    const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true });
    const lanes = [
      createLane({ from: client, to: upstream, lagMs }),
      createLane({ from: upstream, to: client, lagMs }),
    ];
    let frozen = false;
    let parting;
    const pair = {
      freeze: (wanted) => {
        frozen = wanted;
        for (const lane of lanes) lane.freeze(frozen);
        if (!frozen && parting !== undefined) pair.part(parting);
      },
      part: ({ reset }) => {
        pairs.delete(pair);
        for (const socket of [client, upstream]) {
          if (reset) socket.resetAndDestroy();
          else socket.destroy();
        }
      },
    };
    // What happens at one side of a connection that is half-open, the other does not hear of.
    const onParted = (how) => {
      if (frozen) parting = how;
      else pair.part(how);
    };
    for (const socket of [client, upstream]) {
      socket.on('error', () => onParted({ reset: true }));
      socket.once('close', () => onParted({ reset: false }));
    }
    upstream.once('connect', () => {
      ports.push(upstream.localPort);
      if (ports.length > portsMax) ports.shift();
    });
    pairs.add(pair);
    if (state === 'half-open') pair.freeze(true);
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) => {
    client.on('error', () => waiting.delete(client));
    if (state === 'cut') client.resetAndDestroy();
    else if (state === 'half-open') {
      // Connected, and nobody there.
      waiting.add(client);
      client.once('close', () => waiting.delete(client));
    } else join(client);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });

  const resetAll = () => {
    for (const pair of [...pairs]) pair.part({ reset: true });
    for (const client of waiting) client.resetAndDestroy();
    waiting.clear();
  };
  const freezeAll = (frozen) => {
    for (const pair of [...pairs]) pair.freeze(frozen);
  };

  return {
    port: server.address().port,
    upstreamPorts: () => [...ports],
    living: () => pairs.size,
    slow: (wanted) => {
      lag = wanted;
      state = 'slow';
    },
    cut: () => {
      state = 'cut';
      resetAll();
    },
    halfOpen: () => {
      state = 'half-open';
      freezeAll(true);
    },
    heal: (how = 'resume') => {
      state = 'open';
      if (how === 'reset') return resetAll();
      freezeAll(false);
      for (const client of [...waiting]) join(client);
      waiting.clear();
    },
    close: async () => {
      resetAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
