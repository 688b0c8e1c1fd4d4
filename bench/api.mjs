// Mixed requests at a steady rate against the gateway with all services behind it, as separate processes on temporary servers.
// The floor is a bare fastify that answers a constant body, asked at the same rate by the same client in the same run, in turns.
// A time is measured from when the request was due to its last answer, so that a slow answer does not hide those that wait behind it.
// Who is told to come again (Retry-After) does, at most twice and with the same key; how many were is a figure of its own.
//   npm run bench -- api [--json] [--seconds 60] [--rate 500]

import { startFloor } from './api/floor.mjs';
import { loadAt } from './api/load.mjs';
import { startPlatform } from './api/platform.mjs';
import { mixOf, settle } from './api/requests.mjs';
import { machine, report, samplesToFigures } from './figures.mjs';

const json = process.argv.includes('--json');
const seconds = numberAfter('--seconds') ?? 60;
const rate = numberAfter('--rate') ?? 500;
const turns = 5;
const warmUpSeconds = 2;

function numberAfter(flag) {
  const index = process.argv.indexOf(flag);
  if (index < 0) return undefined;
  const value = Number(process.argv[index + 1]);
  if (Number.isFinite(value) && value > 0) return value;
  process.stderr.write(`${flag} needs a number above 0\n`);
  process.exit(2);
}

const platform = await startPlatform();
const floor = await startFloor();
const asked = { platform: [], floor: [], failures: new Map(), askedAgain: new Map() };
try {
  const user = await settle(platform.url);
  const mixed = mixOf(user);
  const bare = () => ({ method: 'GET', path: '/' });
  await loadAt({ url: platform.url, rate, seconds: warmUpSeconds, next: mixed });
  await loadAt({ url: floor.url, rate, seconds: warmUpSeconds, next: bare });
  for (let turn = 0; turn < turns; turn += 1) {
    const whole = await loadAt({ url: platform.url, rate, seconds: seconds / turns, next: mixed });
    const least = await loadAt({ url: floor.url, rate, seconds: seconds / turns, next: bare });
    asked.platform.push(...whole.samples);
    asked.floor.push(...least.samples);
    for (const kind of ['failures', 'askedAgain'])
      for (const [what, count] of whole[kind]) asked[kind].set(what, (asked[kind].get(what) ?? 0) + count);
  }
} finally {
  await floor.stop();
  await platform.stop();
}

const figures = samplesToFigures({
  name: 'api',
  unit: 'ms',
  samples: asked.platform,
  floor: asked.floor,
  floorName: 'bare fastify, constant body',
});
const rounds = asked.platform.length;
for (const [name, counts] of [
  ['api-errors', asked.failures],
  ['api-asked-again', asked.askedAgain],
]) {
  const sum = [...counts.values()].reduce((total, count) => total + count, 0);
  const value = rounds === 0 ? 1 : sum / rounds;
  figures.push({ name, unit: 'of all', value, spread: [0, 0], floor: { name: 'none', value: 0 }, ratio: 1, rounds });
}
for (const [what, count] of asked.failures) process.stderr.write(`failed: ${what}: ${count}\n`);
for (const [what, count] of asked.askedAgain) process.stderr.write(`told to come again: ${what}: ${count}\n`);
report({ json, machine: `${machine()}, ${rate} requests/s for ${seconds} s`, figures });
process.exit(0);
