// Kills processes of a trading platform and watches it go on.
import { setTimeout as delay } from 'node:timers/promises';
import { say } from '../progress.mjs';
import { countDeadLetters, readBooks } from './books.mjs';
import { botOf, violationsOf } from './violations.mjs';

/** Everything that may die. */
export const kinds = [
  'market-data',
  'strategy',
  'risk-gate',
  'execution',
  'gateway',
  'notifications',
  'inference',
  'research',
  'sim-exchange',
  'nats',
  'postgres',
  'redis',
];

const lookMs = 50;
const restartMs = 60_000;
export const nextOrderMs = 60_000;
const livelyMs = 60_000;
export const settleMs = 60_000;
const pauseMsMax = 1_500;

export async function until(met, boundMs) {
  const end = Date.now() + boundMs;
  while (!(await met())) {
    if (Date.now() > end) return false;
    await delay(lookMs);
  }
  return true;
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The kinds in a new order each round, so that neighbours in time differ. */
export function shuffled(items, random) {
  const left = [...items];
  return Array.from(items, () => left.splice(Math.floor(random() * left.length), 1)[0]);
}

export const lastOrderAt = (history) => history.orders().reduce((last, order) => Math.max(last, order.time), 0);

/** The living process of that name. */
export const processOf = (instance, kind) => instance.recorded().find(({ name }) => name === kind);

/** Kills a process, or asks it to end; resolves when its successor runs. */
export async function kill(kind, instance, signal = 'SIGKILL') {
  const running = processOf(instance, kind);
  if (running === undefined) throw new Error(`${kind} does not run`);
  process.kill(running.pid, signal);
  await untilSucceeded(kind, instance, running.pid);
}

/** Resolves when another process than that has the name. */
export async function untilSucceeded(kind, instance, pid) {
  const restarted = await until(() => ![undefined, pid].includes(processOf(instance, kind)?.pid), restartMs);
  if (!restarted) throw new Error(`${kind} was not started again in ${restartMs / 1_000} s`);
}

/** The ways to die: alone, two at once, or one when the other has just been started again. */
const ways = {
  alone: ([kind], instance) => kill(kind, instance),
  'two at once': (pair, instance) => Promise.all(pair.map((kind) => kill(kind, instance))),
  'one while another recovers': async ([first, second], instance) => {
    await kill(first, instance);
    await kill(second, instance);
  },
};

/**
 * Kills and waits for the first order that reached the venue after the last successor had started.
 * @returns {Promise<{kind: string, ms?: number, violation?: string}>} ms from the first kill to that order
 */
async function killOnce({ way, victims, instance, history }) {
  const kind = way === 'alone' ? victims[0] : way;
  const killedAt = Date.now();
  try {
    await ways[way](victims, instance);
  } catch (error) {
    return { kind, violation: error.message };
  }
  const restartedAt = Date.now();
  const goesOn = await until(async () => {
    await history.refresh();
    return lastOrderAt(history) > restartedAt;
  }, nextOrderMs);
  if (!goesOn) return { kind, violation: `no order in ${nextOrderMs / 1_000} s after ${victims.join(' and ')} died` };
  const first = history.orders().filter(({ time }) => time > restartedAt);
  return { kind, ms: Math.min(...first.map(({ time }) => time)) - killedAt };
}

/** One round: every kind alone, then two at once, then one while another recovers. */
function roundOf(wanted, random) {
  const alone = shuffled(wanted, random).map((kind) => ({ way: 'alone', victims: [kind] }));
  if (wanted.length < 2) return alone;
  const pair = (way) => ({ way, victims: shuffled(wanted, random).slice(0, 2) });
  return [...alone, pair('two at once'), pair('one while another recovers')];
}

/** After the last kill every bot has an order at the venue, or has filled one since: nobody stands still for good. */
export async function stillTrading({ client, venue }) {
  const before = new Map((await client.bots()).map(({ id, fills }) => [id, fills]));
  let idle = [];
  await until(async () => {
    const working = (await venue.openOrders()).map(({ clientOrderId }) => botOf(clientOrderId));
    idle = (await client.bots()).filter(({ id, fills }) => fills <= (before.get(id) ?? 0) && !working.includes(id));
    return idle.length === 0;
  }, livelyMs);
  return idle.map(({ id, reason }) => `${id} stands still since the last kill: ${JSON.stringify(reason)}`);
}

export async function stopAll({ client, venue }) {
  for (const { id } of await client.bots()) await client.command(id, 'stop');
  await until(async () => (await venue.openOrders()).length === 0, settleMs);
  let answer;
  const agreed = await until(async () => {
    answer = await client.reconciliation();
    return answer.reconciled;
  }, settleMs);
  return agreed ? [] : [`the books differ from the venue's: ${JSON.stringify(answer.differences).slice(0, 500)}`];
}

export async function judge({ platform, venue, history, opening, client }) {
  const { servers, namespace, assetsOf } = platform;
  let found = [];
  // The strategy hears of the last fill a moment after execution has booked it.
  await until(async () => {
    await history.refresh();
    const books = await readBooks({ postgresUrl: servers.postgres.url, namespace });
    const deadLetters = await countDeadLetters({ nats: servers.nats, namespace });
    const venueFacts = { venueOrders: history.orders(), venueTrades: history.trades() };
    found = violationsOf({ ...books, ...venueFacts, opening, closing: await venue.balances(), deadLetters, assetsOf });
    return found.length === 0;
  }, settleMs);
  return { violations: found, bots: await client.bots() };
}

/**
 * @param {{platform: object, instance: object, client: object, venue: object, history: object,
 *   opening: ReadonlyMap<string, readonly string[]>, wanted: {kills: number, kinds: readonly string[], seed: number}}} run
 */
export async function killAndWatch({ wanted, ...run }) {
  const random = createRandom(wanted.seed);
  const deaths = [];
  for (let round = 0; round < wanted.kills; round += 1) {
    for (const planned of roundOf(wanted.kinds, random)) {
      await delay(random() * pauseMsMax);
      const death = await killOnce({ ...planned, ...run });
      deaths.push(death);
      const told = planned.way === 'alone' ? death.kind : `${death.kind}: ${planned.victims.join(', ')}`;
      say(`  ${deaths.length}. ${told}: ${death.violation ?? `next order after ${death.ms} ms`}`);
    }
  }
  const answers = await until(() => run.client.bots().then(Boolean, () => false), restartMs);
  if (!answers) throw new Error(`the gateway did not answer ${restartMs / 1_000} s after the last kill`);
  const idle = await stillTrading(run);
  const differing = await stopAll(run);
  const { violations, bots } = await judge(run);
  const missed = deaths.flatMap(({ violation }) => violation ?? []);
  return {
    deaths,
    bots,
    orders: run.history.orders().length,
    fills: run.history.trades().length,
    violations: [...missed, ...idle, ...differing, ...violations],
  };
}
