// How each kind of fault is struck, and ended.
import { setTimeout as delay } from 'node:timers/promises';
import { kill, processOf } from '../recovery/run.mjs';
import { firstAnswer, redisCommand } from '../servers/probe.mjs';
import { whileHalted } from './halting.mjs';
import { fight } from './two-writers.mjs';

const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;

/** After it, whoever waits for a fault to pass counts from now. */
const over = (did, violations = []) => ({ did, since: Date.now(), violations });

/** Those count from when they struck: nobody ends them but the platform itself. */
async function struck(did, strike) {
  const since = Date.now();
  await strike();
  return { did, since, violations: [] };
}

async function pause({ victim, lastsMs }, { instance, stopped }) {
  const process = processOf(instance, victim);
  if (process === undefined) throw new Error(`${victim} does not run`);
  stopped.stop(process.pid);
  await delay(lastsMs);
  stopped.wake(process.pid);
  return over(`${victim} stood still for ${seconds(lastsMs)}`);
}

async function flush({ platform }) {
  const { hostname, port, password } = new URL(platform.servers.redis.url);
  const hello = `${redisCommand('AUTH', decodeURIComponent(password))}${redisCommand('FLUSHALL')}`;
  const answer = await firstAnswer({ host: hostname, port: Number(port), hello });
  if (!String(answer).startsWith('+OK\r\n+OK')) throw new Error(`Redis says ${answer}`);
}

/** One link, or that of every service, goes bad and then well again. */
async function badLink({ service, server, lastsMs, heal }, { links }, { how, does }) {
  const chosen = links.of(service, server);
  for (const link of chosen) how(link);
  await delay(lastsMs);
  for (const link of chosen) link.heal(heal);
  const whose = service === 'all' ? 'every service' : service;
  return over(`${whose} to ${server}: ${does} for ${seconds(lastsMs)}${heal === undefined ? '' : `, then ${heal}`}`);
}

/** The faults of a venue, and perhaps a process that dies of ours meanwhile. */
async function atVenue({ fault, lastsMs, victim }, { venueFaults, instance }) {
  const meanwhile = victim === null ? undefined : () => delay(300).then(() => kill(victim, instance));
  const hits = await venueFaults.carryOut(fault, lastsMs, meanwhile);
  const { kind, ...fields } = fault;
  return over(
    `${kind} ${JSON.stringify(fields)}, ${hits} hits${victim === null ? '' : `; ${victim} killed meanwhile`}`,
  );
}

/** Who is killed right before is away while it is halted: the brake has to hold without, and with whoever comes back not knowing of it. */
async function halt({ victim, killed, lastsMs }, run) {
  const strikeDown = () => (victim === null ? undefined : kill(victim, run.instance));
  const dying = killed === 'before' ? strikeDown() : undefined;
  // Looked at below; it may fail before anybody waits for it.
  dying?.catch(() => undefined);
  const { heldMs, violations } = await whileHalted(run, async () => {
    await delay(lastsMs / 2);
    await (killed === 'before' ? dying : strikeDown());
    await delay(lastsMs / 2);
  });
  const how = killed === 'before' ? 'killed right before' : 'killed meanwhile';
  return over(`halted for ${seconds(heldMs)}${victim === null ? '' : `; ${victim} ${how}`}`, violations);
}

const stopSignalOf = (instance, name) => processOf(instance, name)?.stopSignal ?? 'SIGTERM';

/**
 * Of each kind: `(fault, run) => {did, since, violations}`. It resolves when the fault is over; `since` is from when on the next order
 * is waited for.
 */
const strikes = {
  kill: ({ victims }, { instance }) => struck(victims[0], () => kill(victims[0], instance)),
  'kill-two': ({ victims }, { instance }) =>
    struck(victims.join(' and '), () => Promise.all(victims.map((victim) => kill(victim, instance)))),
  'kill-while-recovering': ({ victims: [first, second] }, { instance }) =>
    struck(`${first}, then ${second}`, async () => {
      await kill(first, instance);
      await kill(second, instance);
    }),
  pause,
  'two-writers': fight,
  restart: ({ victim }, { instance }) => struck(victim, () => kill(victim, instance, stopSignalOf(instance, victim))),
  flush: (_fault, run) => struck('FLUSHALL', () => flush(run)),
  'slow-link': ({ delayMs, spreadMs, ...fault }, run) => {
    const does = `${delayMs} to ${delayMs + spreadMs} ms later`;
    return badLink(fault, run, { how: (link) => link.slow({ delayMs, spreadMs }), does });
  },
  'cut-link': (fault, run) => badLink(fault, run, { how: (link) => link.cut(), does: 'cut' }),
  'half-open-link': (fault, run) => badLink(fault, run, { how: (link) => link.halfOpen(), does: 'half-open' }),
  venue: atVenue,
  halt,
};

export const strike = (fault, run) => strikes[fault.kind](fault, run);
