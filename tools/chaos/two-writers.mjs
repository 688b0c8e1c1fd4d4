// Two processes fight for one lease: the first stands still, a second takes over, and then the first wakes and goes on as if nothing had been.
import { setTimeout as delay } from 'node:timers/promises';
import { programOf } from '../bundle/programs.mjs';
import { keepLog } from '../launcher/logs.mjs';
import { freePort } from '../ports.mjs';
import { isAlive } from '../processes.mjs';
import { processOf, until, untilSucceeded } from '../recovery/run.mjs';
import { whileHalted } from './halting.mjs';
import { forbiddenOf, refusedOf } from './witness.mjs';

const takesOverMs = 60_000;
const endsMs = 30_000;

/** A second process of the service, which nobody starts again. */
async function startSecond(service, { instance, children, platform }) {
  const name = `${service}-second`;
  const environment = await platform.environmentOf(service, name);
  const child = children.start({
    name,
    tier: 'service',
    command: process.execPath,
    args: [programOf(service)],
    environment: { ...environment, OPERATIONS_PORT: String(await freePort()) },
  });
  keepLog({ name, child, path: instance.logFile(name) });
  return child;
}

/** Stops the holder of the lease until a second has taken it. */
async function takeOver(service, loser, run) {
  const { witness, stopped } = run;
  const before = await witness.token(service);
  const since = Date.now();
  stopped.stop(loser.pid);
  const winner = await startSecond(service, run);
  const taken = await until(async () => (await witness.token(service)) > before, takesOverMs);
  const inTime = `in ${takesOverMs / 1_000} s from one that stood still`;
  return { winner, ms: Date.now() - since, violations: taken ? [] : [`no second ${service} took the lease ${inTime}`] };
}

const listed = (writes) =>
  writes
    .filter(({ rows }) => rows > 0)
    .map(({ relation, event, rows }) => `${event} of ${rows} in ${relation}`)
    .join(', ');

const sum = (writes, field) => writes.reduce((count, write) => count + write[field], 0);

/**
 * The loser may have been anywhere when it was stopped. Whatever it decides after it woke, Postgres commits nothing of it, and it ends.
 * @returns {Promise<{ms: number, wrote: string, refused: number, accepted: number, violations: readonly string[]}>} ms until it ended;
 *   statements of it that put nothing in, and rows that it wrote all the same
 */
async function wake(service, loser, { instance, links, witness, stopped }) {
  const violations = [];
  const held = await witness.token(service);
  await witness.watch(service);
  const wokenAt = Date.now();
  stopped.wake(loser.pid);
  const ended = await until(() => !isAlive(loser), endsMs);
  const endedAt = Date.now();
  const which = `the ${service} that lost its lease while it stood still (process ${loser.pid}, woken at ${new Date(wokenAt).toISOString()})`;
  if (!ended) {
    violations.push(`${which} lives on after ${endsMs / 1_000} s`);
    process.kill(loser.pid, 'SIGKILL');
  }
  await untilSucceeded(service, instance, loser.pid);
  const ports = links.of(service, 'postgres').flatMap((link) => link.upstreamPorts());
  const writes = await witness.tell({ ports, from: wokenAt, to: endedAt });
  const forbidden = listed(forbiddenOf(service, writes));
  const counts = {
    refused: sum(refusedOf(service, writes), 'empty'),
    accepted: sum(forbiddenOf(service, writes), 'rows'),
  };
  if (forbidden !== '') violations.push(`${which} wrote: ${forbidden}`);
  if ((await witness.token(service)) !== held) violations.push(`${which}: its successor lost the lease to it`);
  return { ms: endedAt - wokenAt, wrote: listed(writes), ...counts, violations };
}

/**
 * Words about a halt that were said to the gate that stood still are old when it wakes: whichever it hears, and in whatever order, what
 * was said to its successor last holds.
 */
async function amidHalts(run, work) {
  const earlier = await whileHalted(run, async () => undefined);
  let woken;
  const { violations } = await whileHalted(run, async () => {
    woken = await work();
  });
  return { ...woken, violations: [...earlier.violations, ...woken.violations, ...violations] };
}

/**
 * @returns {Promise<{did: string, since: number, writes: {refused: number, accepted: number}, violations: readonly string[]}>} since:
 *   when the winner was ended
 */
export async function fight({ service, lingerMs, winnerEnds }, run) {
  const { instance, orders } = run;
  const loser = processOf(instance, service);
  if (loser === undefined) throw new Error(`${service} does not run`);
  const takingOver = await takeOver(service, loser, run);
  const { winner } = takingOver;
  const violations = [...takingOver.violations];
  if (!(await orders.next()))
    violations.push(`no order while the second ${service} had the lease and the first stood still`);
  await delay(lingerMs);
  const rouse = () => wake(service, loser, run);
  const woken = service === 'risk-gate' ? await amidHalts(run, rouse) : await rouse();
  if (!(await orders.next()))
    violations.push(`no order while the second ${service} had the lease and the first was started again`);
  const since = Date.now();
  winner.kill(winnerEnds);
  await until(() => winner.exitCode !== null || winner.signalCode !== null, endsMs);
  const told = [
    `${service} taken over after ${takingOver.ms} ms`,
    `the loser ended ${woken.ms} ms after it woke and wrote ${woken.wrote || 'nothing'}`,
    `${woken.refused} writes of the loser refused, ${woken.accepted} accepted`,
    `the winner ended by ${winnerEnds}`,
  ];
  const { refused, accepted } = woken;
  const writes = { refused, accepted };
  return { did: told.join('; '), since, writes, violations: [...violations, ...woken.violations] };
}
