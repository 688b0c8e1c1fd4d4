// Strikes one fault after another, waits each time until the platform trades on, and judges what is left.
import { setTimeout as delay } from 'node:timers/promises';
import { logInAsOwner } from '../launcher/first-user.mjs';
import { say } from '../progress.mjs';
import { countDeadLetters, readBooks } from '../recovery/books.mjs';
import { nextOrderMs, settleMs, stillTrading, stopAll, until } from '../recovery/run.mjs';
import { violationsOf } from '../recovery/violations.mjs';
import { verifyAudit } from './audit.mjs';
import { becomesClean } from './calm.mjs';
import { strike } from './faults.mjs';
import { invariantViolations } from './invariants.mjs';
import { readRecords } from './records.mjs';

/** So often the faults stop until the platform is clean. */
const cleanEvery = 10;
const sessionMs = 600_000;

/** The next order that reaches the venue. */
function watchOrders({ history }) {
  return {
    /** @returns {Promise<boolean>} false when there was none in a minute */
    next: async () => {
      await history.refresh();
      const known = history.orders().length;
      return until(async () => {
        await history.refresh();
        return history.orders().length > known;
      }, nextOrderMs);
    },
  };
}

/** A session lasts a quarter of an hour; a run may last longer. */
function againWith({ client, instance }) {
  let since = Date.now();
  return async (work) => {
    if (Date.now() - since > sessionMs) {
      await logInAsOwner({ client, instance });
      since = Date.now();
    }
    return work();
  };
}

/** After a fault that could not be carried out as it was meant. */
function makeWell({ links, stopped, instance }) {
  links.heal();
  stopped.wakeAll();
  for (const { name, pid } of instance.recorded()) if (name.endsWith('-second')) process.kill(pid, 'SIGKILL');
}

async function strikeOne(fault, run) {
  await delay(fault.afterMs);
  let struck;
  try {
    struck = await strike(fault, run);
  } catch (error) {
    makeWell(run);
    struck = { did: JSON.stringify(fault), since: Date.now(), violations: [`${fault.kind}: ${error.stack}`] };
  }
  const { did, since, violations, writes = null } = struck;
  const goesOn = await run.orders.next();
  const ms = Date.now() - since;
  if (goesOn) return { kind: fault.kind, did, ms, violations, writes };
  return {
    kind: fault.kind,
    did,
    writes,
    violations: [...violations, `no order in ${nextOrderMs / 1_000} s after ${fault.kind}: ${did}`],
  };
}

/** Everything that is known in the end; `found` is what is wrong with it. */
async function judge(run) {
  const { platform, venue, history, opening, halts } = run;
  const { servers, namespace, assetsOf } = platform;
  const where = { postgresUrl: servers.postgres.url, nats: servers.nats, namespace };
  let facts;
  let found = [];
  // The last news is on its way for a moment.
  await until(async () => {
    await history.refresh();
    const venueFacts = {
      venueOrders: history.orders(),
      venueTrades: history.trades(),
      opening,
      closing: await venue.balances(),
    };
    const deadLetters = await countDeadLetters(where);
    const books = { ...(await readBooks(where)), ...venueFacts, deadLetters, assetsOf };
    facts = { books, records: { ...(await readRecords(where)), venueOrders: venueFacts.venueOrders, halts } };
    found = [...violationsOf(facts.books), ...invariantViolations(facts.records)];
    return found.length === 0;
  }, settleMs);
  return { facts, found };
}

/** I9. A service that has just been started again answers in a moment. */
async function judgeAudit(run) {
  let looked;
  let why = '';
  const answered = await until(async () => {
    looked = await run
      .again(() => verifyAudit(run.client))
      .catch((error) => {
        why = error.message;
      });
    return looked !== undefined;
  }, settleMs);
  return answered ? looked : { rows: 0, violations: [`the audit could not be verified: ${why}`] };
}

/** How much there was to judge. */
const countOf = ({ requests, verdicts, records, halts }, { rows }) => ({
  auditRows: rows,
  requests: requests.length,
  verdicts: verdicts.length,
  steps: records.steps.length,
  cycles: records.cycles.length,
  halts: halts.length,
});

/** Told of the bot, the time and the fault, so that its cause can be looked for in the logs. */
function tell(number, { kind, did, ms, violations }) {
  const told = violations.length > 0 ? violations.join('; ') : `next order after ${(ms / 1_000).toFixed(1)} s`;
  say(`  ${number}. ${new Date().toISOString().slice(11, 23)} ${kind}: ${did}: ${told}`);
}

/**
 * @param {object} given the run as `startTrading` began it, with `plan`, `links`, `witness`, `venueFaults`, `stopped` and `children`
 */
export async function strikeAndJudge({ plan, ...given }) {
  const run = { ...given, halts: [], orders: watchOrders(given), again: againWith(given) };
  const faults = [];
  const cleanings = [];
  const cleanUp = async () => {
    const { ms, last, violations } = await becomesClean(run);
    cleanings.push({ ms, violations: violations.map((text) => `after fault ${faults.length}: ${text}`) });
    say(
      `  … clean after ${(ms / 1_000).toFixed(1)} s${last === '' ? '' : `; last: ${last.slice(0, 200)}`} ${violations.join('; ')}`,
    );
  };
  for (const fault of plan) {
    const at = new Date().toISOString();
    const outcome = await strikeOne(fault, run);
    faults.push({ number: faults.length + 1, at, ...outcome });
    tell(faults.length, outcome);
    if (faults.length % cleanEvery === 0 || faults.length === plan.length) await cleanUp();
  }
  const idle = await run.again(() => stillTrading(run));
  const differing = await run.again(() => stopAll(run));
  const { facts, found } = await judge(run);
  const audit = await judgeAudit(run);
  return {
    faults,
    cleanings,
    facts,
    orders: run.history.orders().length,
    fills: run.history.trades().length,
    judged: countOf(facts.records, audit),
    violations: [
      ...[...faults, ...cleanings].flatMap(({ violations }) => violations),
      ...idle,
      ...differing,
      ...found,
      ...audit.violations,
    ],
  };
}
