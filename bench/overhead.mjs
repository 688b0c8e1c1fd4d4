// What metrics and traces cost on the way of an order: the platform of `tick-to-order` twice in the same run, once with everything
// measured and every order traced to a collector, once with neither; in turns, each first in every other round.
import { usageOf } from './bots/processes.mjs';
import { machine, report, samplesToFigures } from './figures.mjs';
import { startCollector } from './overhead/collector.mjs';
import { startPlatform } from './tick-to-order/platform.mjs';
import { startVenue } from './tick-to-order/venue.mjs';

const json = process.argv.includes('--json');
/** Each order is a bot's with a market of its own, and a venue lists 500 of them here. */
const warmUpRounds = 100;
const roundsMax = 400;
const rounds = numberAfter('--rounds') ?? roundsMax;
if (!(rounds >= 1 && rounds <= roundsMax)) throw new Error(`--rounds takes 1 to ${roundsMax}, not ${rounds}`);
const roundPauseMs = 5;
const floorName = 'the same processes without metrics and traces';

function numberAfter(flag) {
  const index = process.argv.indexOf(flag);
  return index < 0 ? undefined : Number(process.argv[index + 1]);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function startSide(name, environment) {
  const venue = await startVenue({ symbols: rounds + warmUpRounds });
  const platform = await startPlatform(venue, { namespace: `bench-${name}-${process.pid}`, environment });
  return { venue, platform, samples: [], cpu: 0 };
}

/** In seconds, of all its services. */
const cpuOf = ({ platform }) => platform.pids().reduce((sum, pid) => sum + usageOf(pid).cpuSeconds, 0);

const collector = await startCollector();
const off = await startSide('off', { METRICS: 'off', OTEL_SDK_DISABLED: 'true' });
const on = await startSide('on', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, TRACES_PER_SECOND_MAX: '10000' });
const stopScraping = collector.scrape(on.platform.addresses());
try {
  for (let round = 0; round < rounds + warmUpRounds; round += 1) {
    if (round === warmUpRounds) for (const side of [on, off]) side.cpu = cpuOf(side);
    for (const side of round % 2 === 0 ? [off, on] : [on, off]) {
      const ms = await side.venue.tick(round);
      if (round >= warmUpRounds) side.samples.push(ms);
      await pause(roundPauseMs);
    }
  }
  for (const side of [on, off]) side.cpu = cpuOf(side) - side.cpu;
} finally {
  stopScraping();
  for (const { platform, venue } of [on, off]) {
    await platform.stop();
    await venue.stop();
  }
}
if (collector.spans() < rounds) throw new Error(`only ${collector.spans()} spans came of ${rounds} orders`);
await collector.stop();

const tidy = (value) => Number(value.toPrecision(4));
const cpuMs = ({ cpu }) => (1_000 * cpu) / rounds;
const figures = [
  ...samplesToFigures({ name: 'overhead', unit: 'ms', samples: on.samples, floor: off.samples, floorName }),
  {
    name: 'overhead-cpu',
    unit: 'ms an order',
    value: tidy(cpuMs(on)),
    spread: [tidy(cpuMs(on)), tidy(cpuMs(on))],
    floor: { name: floorName, value: tidy(cpuMs(off)) },
    ratio: tidy(on.cpu / off.cpu),
    rounds,
    spansAnOrder: tidy(collector.spans() / (rounds + warmUpRounds)),
  },
];
report({ json, machine: machine(), figures });
process.exit(0);
