// The order path with the simulated exchange: market-data, execution, risk-gate and strategy, every limit at its default.
import { BusMetrics, NatsBus, provisionTopology } from '@scalpstorm/bus';
import { accountQuestion } from '@scalpstorm/contracts';
import { Metrics, SystemClock } from '@scalpstorm/observability';
import postgres from 'postgres';
import { createProcesses } from './processes.mjs';

const namespace = `bench-bots-${process.pid}`;
const limitOff = '1000000000';

/** What a frequent trader pays at a large venue, as `npm start` has it. */
const fees = ['--maker-fee', '0.0001', '--taker-fee', '0.0002'];

export async function startPlatform({ accounts, symbols }) {
  const url = process.env.TEST_NATS_URL;
  const administrator = { user: process.env.TEST_NATS_ADMIN_USER, password: process.env.TEST_NATS_ADMIN_PASSWORD };
  await provisionTopology({ url, ...administrator, namespace });
  const shared = { NATS_URL: url, POSTGRES_URL: process.env.TEST_POSTGRES_URL, REDIS_URL: process.env.TEST_REDIS_URL };
  const processes = createProcesses({ namespace, shared });
  try {
    const exchange = await processes.startExchange([
      ...['--seed', '7', '--symbols', symbols.join(','), '--accounts', String(accounts.length), ...fees],
      ...['--weight-limit', limitOff, '--orders-10s-limit', limitOff, '--orders-1d-limit', limitOff],
    ]);
    const { rest, spotWs, wsApi } = exchange;
    const keys = exchange.accounts ?? [exchange.account];
    const venueAccounts = accounts.map((id, index) => ({
      ...{ id, label: id, venue: 'sim', mode: 'demo', rest, spotWs, wsApi },
      ...{ apiKey: keys[index].apiKey, secret: keys[index].secret },
    }));
    const sim = { SIM_REST_URL: rest, SIM_SPOT_WS_URL: spotWs, SIM_WS_API_URL: wsApi, MARKET_SYMBOLS: 'sim:*' };
    await processes.start('market-data', { own: sim });
    await processes.start('execution', { own: { VENUE_ACCOUNTS: JSON.stringify(venueAccounts) } });
    await processes.start('risk-gate');
    await processes.start('strategy');
  } catch (error) {
    processes.stop();
    throw error;
  }
  const metrics = new BusMetrics(new Metrics('bench'));
  const password = JSON.parse(process.env.TEST_NATS_PASSWORDS).gateway;
  const gateway = { url, namespace, user: 'gateway', password, speaker: 'gateway', clock: new SystemClock(), metrics };
  const nats = await NatsBus.open(gateway);
  const sql = postgres(process.env.TEST_POSTGRES_URL, { max: 2, onnotice: () => undefined });
  const schema = (service) => sql(`${namespace.replaceAll('-', '_')}_${service}`);
  return {
    namespace,
    processes,
    bus: nats.bus,
    records: records({ sql, schema, bus: nats.bus, accounts }),
    stop: async () => {
      processes.stop();
      await nats.close();
      await sql.end();
    },
  };
}

/** What the services have written, and what they say of it. */
function records({ sql, schema, bus, accounts }) {
  const one = async (query) => (await query)[0];
  return {
    /** Fills that the bots counted, beside those that execution has of the venue. */
    fills: async () => {
      const told = await one(sql`select coalesce(sum(fills), 0)::int as fills from ${schema('strategy')}.bots`);
      const had = await one(sql`select count(*)::int as fills from ${schema('execution')}.fills`);
      return { told: told.fills, had: had.fills };
    },
    openOrders: async () =>
      (await one(sql`select count(*)::int as open from ${schema('execution')}.working_orders`)).open,
    cycles: async () => (await one(sql`select count(*)::int as cycles from ${schema('strategy')}.cycles`)).cycles,
    /** The stored form of a bot, in KiB. */
    rowKibibytes: async () => {
      const row = await one(
        sql`select avg(octet_length(bots::text))::float8 / 1024 as size from ${schema('strategy')}.bots`,
      );
      return row.size;
    },
    /** Accounts that execution compared with the venue just now and found equal. */
    reconciledAccounts: async () => {
      let equal = 0;
      for (const accountId of accounts) {
        const answer = await bus.ask(accountQuestion, { kind: 'reconcile', accountId }, 60_000);
        if (answer.ok && answer.value.reconciled && answer.value.differences.length === 0) equal += 1;
      }
      return equal;
    },
  };
}
