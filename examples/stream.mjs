// node examples/stream.mjs: my bots over the websocket; cut on purpose after the snapshot, and gone on with from there.
// SCALPSTORM_URL (http://127.0.0.1:3000) and SCALPSTORM_TOKEN, an access token or an API key.
import { WebSocket } from 'ws';

const say = (line) => process.stdout.write(`${line}\n`);
const url = `${(process.env.SCALPSTORM_URL ?? 'http://127.0.0.1:3000').replace(/^http/, 'ws')}/v1/stream`;
const token = process.env.SCALPSTORM_TOKEN;
const points = {};

/** Resolves when the first frame of a channel is there. */
function listen() {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on('open', () => {
      // The token goes into the first frame, never into the address: addresses are logged.
      socket.send(JSON.stringify({ op: 'auth', token }));
      socket.send(JSON.stringify({ op: 'subscribe', channels: ['bots'], resume: points }));
    });
    socket.on('message', (text) => {
      const { op, ch, type, seq, epoch, data, ts } = JSON.parse(text);
      if (op !== undefined) return say(`${op} at ${ts}`);
      points[ch] = { seq, epoch: epoch ?? points[ch]?.epoch };
      say(`${type} of ${ch}, number ${seq}: ${data.length} rows`);
      socket.close();
      resolve();
    });
    socket.on('close', (code, reason) => code >= 4000 && reject(new Error(`${code} ${reason}`)));
    socket.on('error', reject);
  });
}

await listen();
await listen();
