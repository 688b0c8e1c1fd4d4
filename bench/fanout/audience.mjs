// Many clients that only count; the same for both servers.
import { once } from 'node:events';
import { WebSocket } from 'ws';

const opensAtOnce = 50;

/**
 * @param {{streamUrl: string, clients: number, hello: readonly object[], firstFrames: number}} wanted `firstFrames`: how many
 *   frames every client gets before the round begins
 */
export async function seatAudience({ streamUrl, clients, hello, firstFrames }) {
  const sockets = [];
  const heard = { frames: 0, newest: '' };
  let waiting = null;
  const count = (data) => {
    heard.frames += 1;
    if (heard.frames % clients === 0) heard.newest = data.toString();
    if (waiting !== null && heard.frames >= waiting.frames) waiting.resolve();
  };
  const until = (frames) =>
    new Promise((resolve) => {
      if (heard.frames >= frames) resolve();
      else waiting = { frames, resolve };
    });
  for (let seated = 0; seated < clients; seated += opensAtOnce) {
    const batch = Array.from({ length: Math.min(opensAtOnce, clients - seated) }, () => new WebSocket(streamUrl));
    for (const socket of batch) socket.on('message', count);
    await Promise.all(batch.map((socket) => once(socket, 'open')));
    for (const socket of batch) for (const frame of hello) socket.send(JSON.stringify(frame));
    sockets.push(...batch);
  }
  await until(clients * firstFrames);
  return {
    /** Counts from here; resolves when every client has got that many more. */
    expect: (frames) => {
      heard.frames = 0;
      return until(clients * frames);
    },
    newestFrame: () => heard.newest,
    leave: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}
