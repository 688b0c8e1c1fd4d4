// What is done to the platform, drawn from one seed: the same seed, the same faults in the same order.
import { createRandom, kinds as processes, shuffled } from '../recovery/run.mjs';

/** How often each kind comes among all of them; the first of each come before the second of any. */
const deck = {
  kill: 11,
  'kill-two': 3,
  'kill-while-recovering': 3,
  pause: 5,
  'two-writers': 3,
  restart: 3,
  flush: 2,
  'slow-link': 3,
  'cut-link': 4,
  'half-open-link': 3,
  venue: 8,
  halt: 3,
};
export const faultKinds = Object.keys(deck);

const second = 1_000;
const servers = ['nats', 'postgres', 'redis'];
/** Those of which one process has the lease, and a second waits for it. */
const leased = ['execution', 'risk-gate', 'strategy'];
/** Of Postgres only one of many processes would stand still: its links go half-open instead. */
const pausable = processes.filter((name) => name !== 'postgres');

const links = [
  ['execution', 'venue'],
  ['execution', 'postgres'],
  ['execution', 'nats'],
  ['execution', 'redis'],
  ['strategy', 'postgres'],
  ['strategy', 'nats'],
  ['risk-gate', 'postgres'],
  ['risk-gate', 'nats'],
  ['market-data', 'venue'],
  ['market-data', 'nats'],
  ['gateway', 'postgres'],
  ['gateway', 'nats'],
  ['gateway', 'redis'],
  ['all', 'nats'],
  ['all', 'postgres'],
  ['all', 'redis'],
  ['all', 'venue'],
];

/** Each item once in a random order, then each again. */
function bag(items, random) {
  let left = [];
  return () => {
    if (left.length === 0) left = shuffled(items, random);
    return left.pop();
  };
}

/** Faults of the exchange (docs/sim-exchange.md); `lastsMs` for those that a count does not end. */
function venueFaults(whole) {
  const place = { operation: 'place' };
  const count = () => whole(1, 3);
  return [
    () => ({ kind: 'latency', delayMs: whole(200, 1_500), spreadMs: whole(0, 500), lastsMs: whole(2, 6) * second }),
    ...['cut', 'silence', '504', '503'].map((as) => () => ({ kind: 'drop-answer', as, scope: place, count: count() })),
    () => ({ kind: 'drop-answer', as: 'cut', scope: { operation: 'cancel' }, count: count() }),
    () => ({ kind: 'late-placement', delayMs: whole(300, 4_000), count: count() }),
    () => ({ kind: 'rate-limit', retryAfterSeconds: whole(1, 2), scope: place, count: count() }),
    () => ({ kind: 'rate-limit', retryAfterSeconds: 1, lastsMs: whole(1, 3) * second }),
    () => ({ kind: 'ban', retryAfterSeconds: 3, lastsMs: 3 * second }),
    () => ({ kind: 'server-error', status: 500, executed: true, scope: place, count: count() }),
    () => ({ kind: 'server-error', status: 503, executed: false, scope: place, count: count() }),
    () => ({ kind: 'server-error', status: 502, probability: 0.5, seed: whole(1, 99), lastsMs: whole(2, 5) * second }),
    () => ({ kind: 'html', status: 502, executed: true, scope: place, count: count() }),
    () => ({ kind: 'html', status: 503, executed: false, scope: { operation: 'cancel' }, count: count() }),
    () => ({ kind: 'silent-socket', lastsMs: whole(2, 10) * second }),
    () => ({ kind: 'silent-socket', scope: { stream: 'user' }, lastsMs: whole(2, 10) * second }),
    () => ({ kind: 'cut-socket' }),
    () => ({ kind: 'duplicate', copies: whole(1, 3), lastsMs: whole(3, 6) * second }),
    () => ({
      kind: 'reorder',
      window: whole(2, 8),
      holdMs: whole(50, 500),
      seed: whole(1, 99),
      lastsMs: whole(3, 6) * second,
    }),
    () => ({ kind: 'stale-read', ageMs: whole(500, 3_000), lastsMs: whole(3, 6) * second }),
  ];
}

/** Draws what a fault of each kind is. */
function createDraws(random) {
  const whole = (min, max) => min + Math.floor(random() * (max - min + 1));
  const process = bag(processes, random);
  const paused = bag(pausable, random);
  const server = bag(servers, random);
  const link = bag(links, random);
  const fought = bag(leased, random);
  const atVenue = bag(venueFaults(whole), random);
  const whileHalted = bag([null, 'risk-gate', 'execution', 'strategy', 'gateway', 'nats', 'postgres', 'redis'], random);
  const whileVenueFails = bag([null, null, 'execution', null, 'postgres', 'nats'], random);
  const pair = () => shuffled(processes, random).slice(0, 2);
  const linkOf = (more) => {
    const [service, to] = link();
    return { service, server: to, ...more };
  };
  return {
    kill: () => ({ victims: [process()] }),
    'kill-two': () => ({ victims: pair() }),
    'kill-while-recovering': () => ({ victims: pair() }),
    // From one to twenty seconds, the short ones more often.
    pause: () => ({ victim: paused(), lastsMs: Math.round(second + 19 * second * random() ** 2.5) }),
    'two-writers': () => ({
      service: fought(),
      lingerMs: whole(0, 1_500),
      winnerEnds: random() < 0.5 ? 'SIGKILL' : 'SIGTERM',
    }),
    restart: () => ({ victim: server() }),
    flush: () => ({}),
    'slow-link': () => linkOf({ delayMs: whole(10, 300), spreadMs: whole(0, 200), lastsMs: whole(2, 5) * second }),
    'cut-link': () => linkOf({ lastsMs: whole(0, 5) * second }),
    'half-open-link': () => linkOf({ lastsMs: whole(2, 9) * second, heal: random() < 0.5 ? 'resume' : 'reset' }),
    venue: () => {
      const { lastsMs = null, ...fault } = atVenue()();
      return { fault, lastsMs, victim: whileVenueFails() };
    },
    halt: () => ({ victim: whileHalted(), killed: random() < 0.5 ? 'before' : 'amid', lastsMs: whole(1_000, 3_000) }),
  };
}

/** The kinds in the order in which they come: every one once, then as often as the deck has them, then again. */
function* order(kinds, random) {
  for (;;) {
    yield* shuffled(kinds, random);
    const more = kinds.flatMap((kind) => Array.from({ length: deck[kind] - 1 }, () => kind));
    yield* shuffled(more, random);
  }
}

/**
 * @param {{kills: number, seed: number, kinds?: readonly string[]}} wanted
 * @returns {readonly object[]} faults: `kind`, `afterMs` (the pause before it) and what the kind needs
 */
export function planOf({ kills, seed, kinds = faultKinds }) {
  const random = createRandom(seed);
  const draws = createDraws(random);
  const ordered = order(kinds, random);
  return Array.from({ length: kills }, () => {
    const kind = ordered.next().value;
    return { kind, afterMs: Math.floor(random() * 800), ...draws[kind]() };
  });
}
