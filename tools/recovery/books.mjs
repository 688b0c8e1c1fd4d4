// What the platform's own books say at the end of a run, read from Postgres and NATS.
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import postgres from 'postgres';
import { busAdministrator } from '../servers.mjs';

export const schemaOf = (namespace, service) => `${namespace}_${service}`.replaceAll('-', '_');

/** `sim:BTC-USDT` is `BTCUSDT` for the venue. */
const wireSymbol = (instrument) => instrument.split(':')[1].replace('-', '');

/** The books that the bot's strategy keeps, wherever in its state they lie. */
function booksIn(value) {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value.poolValue !== undefined) return value;
  return Object.values(value)
    .map(booksIn)
    .find((found) => found !== undefined);
}

const withBooks = ({ state, ...bot }) => ({ ...bot, books: booksIn(state) ?? nothing });

/** Of a bot that has not begun. */
const nothing = { poolSide: 'buy', poolValue: '0', gross: '0', fees: '0', otherFees: {} };

/**
 * @param {{postgresUrl: string, namespace: string}} where
 * @returns {Promise<{orders: readonly object[], fills: readonly object[], positions: readonly object[], bots: readonly object[]}>}
 */
export async function readBooks({ postgresUrl, namespace }) {
  const sql = postgres(postgresUrl, { max: 1, onnotice: () => undefined });
  const execution = sql(schemaOf(namespace, 'execution'));
  const strategy = sql(schemaOf(namespace, 'strategy'));
  try {
    const orders = await sql`
      select client_order_id, bot_id, side, status, reason_code, filled_quantity from ${execution}.orders`;
    const fills = await sql`
      select instrument_id, trade_id, venue_order_id, client_order_id, price, quantity, fee, fee_currency from ${execution}.fills`;
    const positions = await sql`select bot_id, instrument_id, quantity from ${execution}.positions`;
    const bots = await sql`
      select id, observed, reason_code, reason_text, held, fills, cycles, pnl, state,
             (select count(*)::int from ${strategy}.cycles where bot_id = bots.id) as pairs,
             (select coalesce(sum(net), 0) from ${strategy}.cycles where bot_id = bots.id) as net,
             (select coalesce(jsonb_agg(fee.item), '[]') from ${strategy}.cycles, jsonb_array_elements(other_fees) as fee (item)
               where bot_id = bots.id) as other_fees
        from ${strategy}.bots where deleted_at_us is null`;
    const withSymbol = (rows) => rows.map((row) => ({ ...row, symbol: wireSymbol(row.instrument_id) }));
    return {
      orders: [...orders],
      fills: withSymbol(fills),
      positions: withSymbol(positions),
      bots: bots.map(withBooks),
    };
  } finally {
    await sql.end();
  }
}

/** How many messages nobody could handle. */
export async function countDeadLetters({ nats, namespace }) {
  const user = nats.user ?? busAdministrator;
  const connection = await connect({ servers: nats.url, user, pass: nats.passwords[busAdministrator] });
  try {
    const { state } = await (await jetstreamManager(connection)).streams.info(`${namespace}-DEAD_LETTERS`);
    return state.messages;
  } finally {
    await connection.close();
  }
}
