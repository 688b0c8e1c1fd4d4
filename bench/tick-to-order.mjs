// From a market event that leaves the venue's socket to the order request that reaches the venue, through market-data, strategy,
// risk-gate and execution as separate processes. The floor is a bare relay of the same hops (websocket, core NATS, two streams)
// with one durable commit before the request. Both are measured in turns in the same run.
//
// Each round uses a symbol of its own whose bot waits for the first price, so every round is one tick and one order.
import { machine, report, samplesToFigures } from './figures.mjs';
import { startFloor } from './tick-to-order/floor.mjs';
import { startPlatform } from './tick-to-order/platform.mjs';
import { startVenue } from './tick-to-order/venue.mjs';

const json = process.argv.includes('--json');
const rounds = numberAfter('--rounds') ?? 400;
const warmUpRounds = 50;
const roundPauseMs = 5;

function numberAfter(flag) {
  const index = process.argv.indexOf(flag);
  return index < 0 ? undefined : Number(process.argv[index + 1]);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const venue = await startVenue({ symbols: rounds + warmUpRounds });
const floor = await startFloor(venue);
const platform = await startPlatform(venue);
const platformMs = [];
const floorMs = [];
try {
  for (let round = 0; round < rounds + warmUpRounds; round += 1) {
    const bare = await floor.tick(round);
    const whole = await venue.tick(round);
    if (round >= warmUpRounds) {
      floorMs.push(bare);
      platformMs.push(whole);
    }
    await pause(roundPauseMs);
  }
} finally {
  await platform.stop();
  await floor.stop();
  await venue.stop();
}

const figures = samplesToFigures({
  name: 'tick-to-order',
  unit: 'ms',
  samples: platformMs,
  floor: floorMs,
  floorName: 'bare relay and one commit',
});
report({ json, machine: machine(), figures });
process.exit(0);
