// I13: when the faults have stopped the platform is clean again, by itself and soon.
import postgres from 'postgres';
import { schemaOf } from '../recovery/books.mjs';
import { until } from '../recovery/run.mjs';

export const cleanMs = 30_000;
/** An order may be under way while the bots trade on; a message, too, and one that is told again (`later`) waits for all others. */
const underWay = '2 seconds';
/** After the bound it is still waited for, so that what comes next does not meet what is left of this. */
const patienceMs = 120_000;

const outboxes = ['execution', 'strategy', 'risk'];

/** What stands between the platform and being clean, in words; empty when it is. */
async function unrest({ platform, client }, since) {
  const { servers, namespace } = platform;
  const sql = postgres(servers.postgres.url, { max: 1, onnotice: () => undefined });
  const found = [];
  try {
    const execution = sql(schemaOf(namespace, 'execution'));
    const doubtful = await sql`
      select client_order_id as id, status from ${execution}.orders
       where status = 'unknown'
          or (status in ('sending', 'submitted', 'pending-cancel')
              and updated_at_us < extract(epoch from now() - ${underWay}::interval) * 1000000)`;
    found.push(...doubtful.map(({ id, status }) => `${id} is ${status}`));
    for (const service of outboxes) {
      const schema = sql(schemaOf(namespace, service));
      const [{ waiting }] = await sql`
        select count(*)::int as waiting from ${schema}.outbox where not later and created_at < now() - ${underWay}::interval`;
      const [{ refused }] = await sql`
        select count(*)::int as refused from ${schema}.outbox_refused where closed_at is null`;
      if (waiting > 0) found.push(`${waiting} messages wait in the outbox of ${service}`);
      if (refused > 0) found.push(`the bus refused ${refused} messages of ${service}`);
    }
    return found.length > 0
      ? found
      : await differing({ client, sql, gateway: sql(schemaOf(namespace, 'gateway')) }, since);
  } finally {
    await sql.end();
  }
}

/**
 * How the books differ from the venue's. Busy bots seldom leave a quiet moment to compare balances in, so a comparison may end when the
 * gateway has given up waiting for it: what came of it stands in its table then.
 */
async function differing({ client, sql, gateway }, since) {
  const told = (differences) => [`the books differ from the venue's: ${JSON.stringify(differences).slice(0, 400)}`];
  try {
    const { reconciled, differences } = await client.reconciliation();
    return reconciled ? [] : told(differences);
  } catch (error) {
    const [row] =
      await sql`select clean, differences from ${gateway}.reconciliations where recorded_at > ${since * 1_000}`;
    if (row === undefined) throw error;
    return row.clean ? [] : told(row.differences);
  }
}

/** No answer says nothing yet. */
const lookedAt = (run, since) =>
  run
    .again(() => unrest(run, since))
    .then(
      (found) => ({ found, told: found.join('; ') }),
      (error) => ({ found: null, told: error.message }),
    );

/**
 * Waits until nothing is in doubt, nothing waits in an outbox, and the books are the venue's.
 * @returns {Promise<{ms: number, last: string, violations: readonly string[]}>} ms until that was known; `last` is what was waited for last
 */
export async function becomesClean(run) {
  const since = Date.now();
  let last = '';
  let late = '';
  const clean = await until(async () => {
    const began = Date.now();
    const { found, told } = await lookedAt(run, since);
    last = told || last;
    if (late === '' && began - since > cleanMs && found !== null) late = told;
    return found?.length === 0;
  }, patienceMs);
  const ms = Date.now() - since;
  if (clean && late === '') return { ms, last, violations: [] };
  const end = clean ? `it was after ${ms / 1_000} s` : `nor ${patienceMs / 1_000} s after`;
  const told = (late || last).slice(0, 1_000);
  return { ms, last, violations: [`not clean ${cleanMs / 1_000} s after the faults had stopped (${end}): ${told}`] };
}
