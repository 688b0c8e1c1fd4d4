// How long after a halt of the platform (POST /v1/halt, level cancel) the last opening order reaches the exchange, and the last cancel of
// one is done there: by the times in the exchange's own books, from before the call leaves. Bots trade meanwhile, half of them with orders that rest.
//   npm run bench -- kill-switch [--json] [--rounds 20] [--bots 50]
import { demoQuantity } from '../tools/launcher/demo-bots.mjs';
import { setupToken, startPlatform } from './api/platform.mjs';
import { machine, quantile } from './figures.mjs';
import { createVenueOrders, timesAfter } from './kill-switch/venue-orders.mjs';

const json = process.argv.includes('--json');
const rounds = numberAfter('--rounds') ?? 20;
const count = numberAfter('--bots') ?? 50;
const tradingMs = 2_500;
const settledMs = 1_500;
const abreast = 10;

function numberAfter(flag) {
  const index = process.argv.indexOf(flag);
  if (index < 0) return undefined;
  const value = Number(process.argv[index + 1]);
  if (Number.isInteger(value) && value > 0) return value;
  process.stderr.write(`${flag} needs a whole number above 0\n`);
  process.exit(2);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function clientOf(url) {
  let token;
  const ask = async (method, path, body) => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(`${url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    const read = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(read)}`);
    return read;
  };
  return {
    ask,
    logIn: async () => {
      const first = { token: setupToken, email: 'bench@example.com', password: 'the storm passes over' };
      token = (await ask('POST', '/v1/setup', first)).accessToken;
    },
  };
}

async function each(items, work) {
  const left = items.values();
  const lane = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: abreast }, lane));
}

/** Every second rests its entry below the market; the others buy at once and sell a little higher, again and again. */
function botOf(index, instrument) {
  const rests = index % 2 === 0;
  return {
    ...{ name: `bench-${index}`, strategy: 'scalping-cycle', account: 'demo', venue: 'sim', mode: 'demo' },
    symbol: instrument.symbol,
    parameters: {
      quantity: demoQuantity(instrument),
      buyPrice: { offset: rests ? '-40' : '3', unit: 'bps', from: 'mid' },
      sellPrice: { offset: '1', unit: 'ticks', from: 'entry' },
      loop: true,
    },
  };
}

async function createBots(client) {
  const { data } = await client.ask('GET', '/v1/instruments');
  const priced = data.filter(({ lastPrice }) => lastPrice !== null);
  const ids = [];
  await each([...Array(count).keys()], async (index) => {
    ids.push((await client.ask('POST', '/v1/bots', botOf(index, priced[index % priced.length]))).id);
  });
  return { ids, symbols: [...new Set(priced.map(({ symbol }) => symbol.replace('-', '')))] };
}

const startAll = (client, ids) => each(ids, (id) => client.ask('POST', `/v1/bots/${id}/start`, {}));

const platform = await startPlatform();
const venueOrders = createVenueOrders(platform.exchange);
const samples = { lastOrderMs: [], cancelsSentMs: [] };
const seen = { opened: 0, canceled: 0, left: 0 };
try {
  const client = clientOf(platform.url);
  await client.logIn();
  const { ids, symbols } = await createBots(client);
  for (let round = 0; round < rounds; round += 1) {
    const began = Date.now();
    await startAll(client, ids);
    await pause(tradingMs);
    const haltedAt = Date.now();
    await client.ask('POST', '/v1/halt', { level: 'cancel', scope: 'platform', text: `round ${round}` });
    await pause(settledMs);
    const orders = await venueOrders.all(symbols);
    const times = timesAfter(orders, haltedAt);
    for (const name of Object.keys(samples)) samples[name].push(times[name]);
    seen.opened += orders.filter(({ side, time }) => side === 'BUY' && time >= began).length;
    seen.canceled += times.canceled;
    seen.left += (await venueOrders.open()).filter(({ side }) => side === 'BUY').length;
    process.stderr.write(
      `round ${round + 1}: last order ${times.lastOrderMs} ms, ${times.canceled} cancels within ${times.cancelsSentMs} ms\n`,
    );
    await client.ask('POST', '/v1/release', { scope: 'platform', confirm: 'platform' });
  }
} finally {
  await platform.stop();
}
// Where nothing traded, nothing was measured.
if (seen.opened < rounds || seen.canceled < rounds) {
  process.stderr.write(`only ${seen.opened} orders were opened and ${seen.canceled} canceled in ${rounds} rounds\n`);
  process.exit(1);
}

const tell = (values) => ({ p50: quantile(values, 0.5), p99: quantile(values, 0.99) });
const told = {
  lastOrderMs: tell(samples.lastOrderMs),
  cancelsSentMs: tell(samples.cancelsSentMs),
  ...{ rounds, bots: count, openingOrders: seen.opened, canceled: seen.canceled, openAfter: seen.left },
};
for (const name of Object.keys(samples))
  process.stderr.write(`${name}: p50 ${told[name].p50} ms, p99 ${told[name].p99} ms of ${rounds} rounds\n`);
if (json) process.stdout.write(`${JSON.stringify({ ...told, machine: machine() })}\n`);
process.exit(0);
