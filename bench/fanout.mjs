// How many frames a second the gateway delivers to many websocket clients, and what a frame costs it, beside plain `ws` that
// broadcasts the very bytes of one of the gateway's frames to as many clients in the same run, in turns. The gateway also reads
// each event from the bus, folds it into Postgres and numbers it; that is in its figures, spread over its clients.

import { ratesToFigure } from './exchange/rates.mjs';
import { seatAudience } from './fanout/audience.mjs';
import { startGateway } from './fanout/gateway.mjs';
import { startPlain } from './fanout/plain.mjs';
import { machine, quantile, report } from './figures.mjs';

const json = process.argv.includes('--json');
const clients = numberAfter('--clients') ?? 500;
const frames = numberAfter('--frames') ?? 200;
const rounds = numberAfter('--rounds') ?? 10;
const warmUpRounds = 1;

function numberAfter(flag) {
  const index = process.argv.indexOf(flag);
  if (index < 0) return undefined;
  const value = Number(process.argv[index + 1]);
  if (Number.isInteger(value) && value > 0) return value;
  process.stderr.write(`BENCH_OPTION: ${flag} must be followed by a whole number above 0\n`);
  process.exit(2);
}

/** One round: delivered frames a second, and microseconds of the server's CPU a frame. */
async function round(server, audience, say) {
  const cpuBefore = await server.cpuSeconds();
  const startedAt = performance.now();
  const delivered = audience.expect(frames);
  await say();
  await delivered;
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = (await server.cpuSeconds()) - cpuBefore;
  const messages = clients * frames;
  return { perSecond: messages / seconds, cpuMicros: (cpu * 1e6) / messages };
}

const results = { gateway: [], plain: [] };
const gateway = await startGateway();
const plain = await startPlain();
try {
  const hello = [
    { op: 'auth', token: gateway.token },
    { op: 'subscribe', channels: ['activity'] },
  ];
  // ready, subscribed and the snapshot
  const ofGateway = await seatAudience({ streamUrl: gateway.streamUrl, clients, hello, firstFrames: 3 });
  const ofPlain = await seatAudience({ streamUrl: plain.streamUrl, clients, hello: [], firstFrames: 0 });
  for (let index = 0; index < rounds + warmUpRounds; index += 1) {
    const first = await round(gateway, ofGateway, () => gateway.say(frames));
    const second = await round(plain, ofPlain, () => plain.say(frames, ofGateway.newestFrame()));
    if (index < warmUpRounds) continue;
    results.gateway.push(first);
    results.plain.push(second);
  }
  ofGateway.leave();
  ofPlain.leave();
} finally {
  await gateway.stop();
  plain.stop();
}

const floorName = `ws alone, the same bytes to ${clients} clients`;
const of = (server, field) => results[server].map((result) => result[field]);
const rate = ratesToFigure({
  name: 'fanout-delivered',
  unit: 'frames/s',
  values: of('gateway', 'perSecond'),
  floor: of('plain', 'perSecond'),
  floorName,
});

/** `ratio` > 1: so many times dearer than the floor of the same round. */
function cost() {
  const values = of('gateway', 'cpuMicros');
  const floor = of('plain', 'cpuMicros');
  const tidy = (value) => Number(value.toPrecision(4));
  const spread = (numbers) => [Math.min(...numbers), Math.max(...numbers)].map(tidy);
  const ratios = values.map((value, index) => value / floor[index]);
  return {
    name: 'fanout-server-cpu',
    unit: 'µs/frame',
    value: tidy(quantile(values, 0.5)),
    spread: spread(values),
    floor: { name: floorName, value: tidy(quantile(floor, 0.5)), spread: spread(floor) },
    ratio: tidy(quantile(ratios, 0.5)),
    ratioSpread: spread(ratios),
    rounds: values.length,
  };
}

report({ json, machine: machine(), figures: [rate, cost()] });
process.exit(0);
