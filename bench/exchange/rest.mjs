// Signed orders over HTTP with keep-alive, to the exchange and to a server that answers every request alike, each a process of its
// own. The requests are made and signed before the clock runs, and the client speaks HTTP itself: what is measured is the server.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const connections = 8;
const exchangeEntry = fileURLToPath(new URL('../../dist/sim-exchange.js', import.meta.url));
const constantEntry = fileURLToPath(new URL('constant-server.mjs', import.meta.url));
/** Far enough through the market that each order trades at once. */
const throughMarket = 0.05;

export async function startRest({ requests }) {
  const exchange = await start(exchangeEntry, [
    '--symbols',
    'BTC-USDT',
    '--speed',
    '0.01',
    '--weight-limit',
    '1000000000',
  ]);
  const constant = await start(constantEntry, []);
  const price = await middlePrice(exchange.line.rest);
  let orders = 0;
  const next = () => {
    orders += 1;
    return signedOrder(exchange.line, { price, id: orders });
  };
  return {
    exchange: () => run(exchange.line.rest, Array.from({ length: requests }, next), '"status":"FILLED"'),
    constant: () => run(constant.line.rest, Array.from({ length: requests }, next), '"status":"FILLED"'),
    stop: async () => {
      exchange.child.kill('SIGTERM');
      constant.child.kill('SIGTERM');
    },
  };
}

async function start(entry, args) {
  const env = { ...process.env, SCALPSTORM_PARENT: 'stdin' };
  const child = spawn(process.execPath, [entry, ...args], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${entry} ended with ${code}`))),
  ]);
  return { child, line: JSON.parse(line) };
}

async function middlePrice(rest) {
  const { bidPrice, askPrice } = await (await fetch(`${rest}/api/v3/ticker/bookTicker?symbol=BTCUSDT`)).json();
  return (Number(bidPrice) + Number(askPrice)) / 2;
}

/** Buys and sells in turns, so that the account stays where it is; so small that a whole run does not empty the book. */
function signedOrder({ account, rest }, { price, id }) {
  const isBuy = id % 2 === 0;
  const limit = price * (isBuy ? 1 + throughMarket : 1 - throughMarket);
  const query = `symbol=BTCUSDT&side=${isBuy ? 'BUY' : 'SELL'}&type=LIMIT&timeInForce=GTC&quantity=0.00010&price=${limit.toFixed(2)}&newClientOrderId=bench${id}&recvWindow=60000&timestamp=${Date.now()}`;
  const body = `${query}&signature=${createHmac('sha256', account.secret).update(query).digest('hex')}`;
  const head = [
    'POST /api/v3/order HTTP/1.1',
    `host: ${new URL(rest).host}`,
    `x-mbx-apikey: ${account.apiKey}`,
    'content-type: application/x-www-form-urlencoded',
    `content-length: ${body.length}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** Each connection has one request on its way at a time. */
async function run(rest, requests, expected) {
  const { hostname, port } = new URL(rest);
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(Number(port), hostname);
      socket.setNoDelay(true);
      await once(socket, 'connect');
      return socket;
    }),
  );
  const start = process.hrtime.bigint();
  const queue = requests[Symbol.iterator]();
  await Promise.all(sockets.map((socket) => drive(socket, queue, expected)));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  for (const socket of sockets) socket.destroy();
  return { perSecond: requests.length / seconds };
}

function drive(socket, queue, expected) {
  return new Promise((resolve, reject) => {
    let heard = '';
    const send = () => {
      const next = queue.next();
      if (next.done) resolve();
      else socket.write(next.value);
    };
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed a connection')));
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      const bodyAt = heard.indexOf('\r\n\r\n') + 4;
      if (bodyAt < 4) return;
      const length = Number(/content-length: (\d+)/i.exec(heard)?.[1]);
      if (heard.length < bodyAt + length) return;
      if (!heard.includes(expected)) reject(new Error(`not what was asked for: ${heard.slice(0, 500)}`));
      heard = '';
      send();
    });
    send();
  });
}
