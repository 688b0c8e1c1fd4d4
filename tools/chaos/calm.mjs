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
async function unrest({ platform, client }) {
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
  } finally {
    await sql.end();
  }
  if (found.length > 0) return found;
  const { reconciled, differences } = await client.reconciliation();
  return reconciled ? [] : [`the books differ from the venue's: ${JSON.stringify(differences).slice(0, 400)}`];
}

/**
 * Waits until nothing is in doubt, nothing waits in an outbox, and the books are the venue's.
 * @returns {Promise<{ms: number, last: string, violations: readonly string[]}>} ms from now on; `last` is what was waited for last
 */
export async function becomesClean(run) {
  const since = Date.now();
  let found = [];
  let late = [];
  let last = '';
  const clean = await until(async () => {
    found = await run.again(() => unrest(run)).catch((error) => [error.message]);
    if (late.length === 0 && Date.now() - since > cleanMs) late = found;
    last = found.join('; ') || last;
    return found.length === 0;
  }, patienceMs);
  const ms = Date.now() - since;
  if (clean && late.length === 0) return { ms, last, violations: [] };
  const told = (late.length > 0 ? late : found).slice(0, 10).join('; ');
  const end = clean ? `it was after ${ms / 1_000} s` : `nor ${patienceMs / 1_000} s after`;
  return { ms, last, violations: [`not clean ${cleanMs / 1_000} s after the faults had stopped (${end}): ${told}`] };
}
