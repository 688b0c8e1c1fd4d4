// What else the platform has on record: what was asked for and judged, each step of each order, and what the gateway shows of it.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import postgres from 'postgres';
import { root } from '../paths.mjs';
import { schemaOf } from '../recovery/books.mjs';
import { busAdministrator } from '../servers.mjs';

const readMs = 20_000;
const batch = 500;

/** Every message of a stream, oldest first. */
async function* messagesOf({ connection, stream }) {
  const { state } = await (await jetstreamManager(connection)).streams.info(stream);
  if (state.messages === 0) return;
  const consumer = await jetstream(connection).consumers.get(stream, { deliver_policy: DeliverPolicy.All });
  for (;;) {
    const messages = await consumer.fetch({ max_messages: batch, expires: readMs });
    for await (const message of messages) {
      yield message;
      if (message.seq >= state.last_seq) return;
    }
  }
}

/** Ids that were asked for, and every verdict that the bus keeps. */
async function readLane({ nats, namespace }) {
  const { orderRequested, orderApproved, orderDenied } = await import(
    pathToFileURL(join(root, 'libs/contracts/dist/index.js')).href
  );
  const user = nats.user ?? busAdministrator;
  const connection = await connect({ servers: nats.url, user, pass: nats.passwords[busAdministrator] });
  try {
    const requests = new Set();
    for await (const { data } of messagesOf({ connection, stream: `${namespace}-ORDER_REQUESTS` }))
      requests.add(orderRequested.decode(data).order.clientOrderId);
    const verdicts = [];
    for await (const { subject, data, seq } of messagesOf({ connection, stream: `${namespace}-VERDICTS` })) {
      const approved = subject.includes('.order.approved.');
      const { order, meta, expiresAt = null } = (approved ? orderApproved : orderDenied).decode(data);
      const told = { id: order.clientOrderId, approved, at: millis(meta.recordedAt), place: `message ${seq}` };
      verdicts.push({ ...told, expiresAt: expiresAt === null ? null : millis(expiresAt) });
    }
    return { requests: [...requests], verdicts };
  } finally {
    await connection.close();
  }
}

/** Rows of the schemas; numbers as texts. */
async function readTables({ postgresUrl, namespace }) {
  const sql = postgres(postgresUrl, { max: 1, onnotice: () => undefined });
  const schema = (service) => sql(schemaOf(namespace, service));
  const [execution, risk, strategy, gateway] = ['execution', 'risk', 'strategy', 'gateway'].map(schema);
  try {
    const verdicts = await sql`select client_order_id, approved, decided_at_us, expires_at_us from ${risk}.verdicts`;
    const records = {
      orders: await sql`
        select client_order_id, bot_id, purpose, status, version, quantity, filled_quantity, request_expires_at_us from ${execution}.orders`,
      steps: await sql`
        select client_order_id, version, kind, recorded_at_us, body->'fill'->>'quantity' as quantity
          from ${execution}.order_events order by client_order_id, version`,
      fills: await sql`
        select account_id, instrument_id, trade_id, client_order_id, price, quantity, fee, fee_currency from ${execution}.fills`,
      bots: await sql`
        select id, version, observed, cycles, fills, pnl, held from ${strategy}.bots where deleted_at_us is null`,
      cycles: await sql`select bot_id, number, quantity, buy_price, sell_price, net from ${strategy}.cycles`,
    };
    const shown = {
      orders: await sql`
        select client_order_id, version, view->>'status' as status, view->>'filledQuantity' as filled_quantity from ${gateway}.orders`,
      steps: await sql`select client_order_id, version, kind from ${gateway}.order_events`,
      fills: await sql`
        select account_id, instrument_id, trade_id, client_order_id, view->>'price' as price, view->>'quantity' as quantity,
               view->'fee'->>'amount' as fee, view->'fee'->>'currency' as fee_currency from ${gateway}.fills`,
      bots: await sql`
        select id, version, view->>'observed' as observed, (view->>'cycles')::int as cycles, (view->>'fills')::int as fills,
               view->>'pnl' as pnl, view->>'held' as held from ${gateway}.bots where not deleted`,
      cycles: await sql`
        select bot_id, number, view->>'quantity' as quantity, view->>'buyPrice' as buy_price, view->>'sellPrice' as sell_price,
               view->>'net' as net from ${gateway}.cycles`,
    };
    return { verdicts, records, shown };
  } finally {
    await sql.end();
  }
}

const millis = (micros) => Math.floor(Number(micros) / 1_000);

/**
 * @param {{postgresUrl: string, nats: object, namespace: string}} where
 * @returns {Promise<object>} the facts of `invariants.mjs` that the platform has on record
 */
export async function readRecords({ postgresUrl, nats, namespace }) {
  const lane = await readLane({ nats, namespace });
  const { verdicts, ...tables } = await readTables({ postgresUrl, namespace });
  const stored = verdicts.map((row) => ({
    id: row.client_order_id,
    approved: row.approved,
    at: millis(row.decided_at_us),
    expiresAt: row.expires_at_us === null ? null : millis(row.expires_at_us),
    place: 'its table',
  }));
  return { ...tables, requests: lane.requests, verdicts: [...lane.verdicts, ...stored] };
}
