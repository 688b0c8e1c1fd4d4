import type {
  AccountChanged,
  ActivityLogged,
  BotChanged,
  CycleCompleted,
  OrderChanged,
  OrderDenied,
  Reconciled,
} from '@scalpstorm/contracts';
import { isFinal } from '@scalpstorm/model';
import type { Transaction } from '@scalpstorm/store';
import type postgres from 'postgres';
import {
  accountView,
  activityView,
  balanceView,
  botView,
  cycleView,
  deniedOrderView,
  differenceView,
  fillView,
  orderEventView,
  orderView,
  positionView,
} from '../domain/views.js';

// One statement a table, however many events: each costs a round trip, and whoever folds must keep up with everybody who tells. A
// statement may change a row once, so of the events of one row only the newest is written. Each function gives those that changed
// what somebody sees.

/** The version of an order that was only asked for: before every one that is told. */
export const unjudged = -1;

export type BotChange = Pick<BotChanged, 'bot' | 'deleted'>;
type Changed<Event> = Promise<readonly Event[]>;

/** By row, the one with the highest rank; of equal ones that which came last. */
function newestOf<Event>(
  events: readonly Event[],
  rowOf: (event: Event) => string,
  rankOf: (event: Event) => number,
): ReadonlyMap<string, Event> {
  const newest = new Map<string, Event>();
  for (const event of events) {
    const known = newest.get(rowOf(event));
    if (known === undefined || rankOf(event) >= rankOf(known)) newest.set(rowOf(event), event);
  }
  return newest;
}

/** Views hold only JSON; the driver's own type does not know read-only arrays. */
const json = (tx: Transaction, rows: readonly object[]) => tx.json(rows as unknown as postgres.JSONValue);

const told = <Event>(newest: ReadonlyMap<string, Event>, rows: Iterable<{ readonly row: string }>): readonly Event[] =>
  [...rows].flatMap(({ row }) => newest.get(row) ?? []);

export async function foldBots(tx: Transaction, changes: readonly BotChange[]): Changed<BotChange> {
  if (changes.length === 0) return [];
  const newest = newestOf(
    changes,
    ({ bot }) => bot.id,
    ({ bot, deleted }) => 2 * bot.version + (deleted ? 1 : 0),
  );
  const rows = [...newest.values()].map(({ bot, deleted }) => ({
    id: bot.id,
    user_id: bot.userId,
    version: bot.version,
    deleted,
    view: botView(bot),
  }));
  return told(
    newest,
    await tx<{ row: string }[]>`
      INSERT INTO bots (id, user_id, version, deleted, view)
      SELECT * FROM jsonb_to_recordset(${json(tx, rows)})
        AS given (id text, user_id text, version integer, deleted boolean, view jsonb)
      ON CONFLICT (id) DO UPDATE
        SET version = excluded.version, deleted = excluded.deleted, view = excluded.view
        WHERE NOT bots.deleted
          AND (excluded.version > bots.version OR (excluded.deleted AND excluded.version = bots.version))
      RETURNING id AS row`,
  );
}

/** Also those that amend: they are rare, and replace what is there. */
export async function foldCycles(tx: Transaction, events: readonly CycleCompleted[]): Changed<CycleCompleted> {
  const changed: CycleCompleted[] = [];
  const rowOf = ({ cycle }: CycleCompleted) => `${cycle.botId} ${cycle.number}`;
  for (const amends of [false, true]) {
    const newest = newestOf(
      events.filter((event) => event.amends === amends),
      rowOf,
      () => 0,
    );
    if (newest.size === 0) continue;
    const rows = [...newest.values()].map(({ cycle, userId }) => ({
      bot_id: cycle.botId,
      number: cycle.number,
      user_id: userId,
      view: cycleView(cycle),
    }));
    const result = await tx<{ row: string }[]>`
      INSERT INTO cycles (bot_id, number, user_id, view)
      SELECT * FROM jsonb_to_recordset(${json(tx, rows)})
        AS given (bot_id text, number integer, user_id text, view jsonb)
      ON CONFLICT (bot_id, number) DO UPDATE SET view = excluded.view WHERE ${amends}
      RETURNING bot_id || ' ' || number AS row`;
    changed.push(...told(newest, result));
  }
  return changed;
}

export async function foldOrders(tx: Transaction, events: readonly OrderChanged[]): Changed<OrderChanged> {
  if (events.length === 0) return [];
  const newest = newestOf(
    events,
    ({ order }) => order.request.clientOrderId,
    ({ order }) => order.version,
  );
  const rows = [...newest.values()].map(({ order }) => ({
    client_order_id: order.request.clientOrderId,
    user_id: order.request.userId,
    bot_id: order.request.botId,
    version: order.version,
    final: isFinal(order.status),
    view: orderView(order),
  }));
  const newer = await tx<{ row: string }[]>`
    INSERT INTO orders (client_order_id, user_id, bot_id, version, final, view)
    SELECT * FROM jsonb_to_recordset(${json(tx, rows)})
      AS given (client_order_id text, user_id text, bot_id text, version integer, final boolean, view jsonb)
    ON CONFLICT (client_order_id) DO UPDATE
      SET version = excluded.version, final = excluded.final, view = excluded.view
      WHERE excluded.version > orders.version
    RETURNING client_order_id AS row`;
  const steps = events.map(({ order, event, meta }) => ({
    client_order_id: order.request.clientOrderId,
    version: order.version,
    kind: event.kind,
    view: orderEventView(event, order.version, meta.occurredAt),
  }));
  // A state that is told again has the version, and the event, that it had.
  await tx`
    INSERT INTO order_events (client_order_id, version, kind, view)
    SELECT * FROM jsonb_to_recordset(${json(tx, steps)})
      AS given (client_order_id text, version integer, kind text, view jsonb)
    ON CONFLICT DO NOTHING`;
  return [...new Set([...told(newest, newer), ...(await foldFills(tx, events))])];
}

/** A fill counts even when a newer version of its order was seen first. */
async function foldFills(tx: Transaction, events: readonly OrderChanged[]): Changed<OrderChanged> {
  const filled = new Map(
    events.flatMap((changed) => {
      const { order, event } = changed;
      if (event.kind !== 'filled') return [];
      const { fill } = event;
      const key = JSON.stringify([order.request.accountId, fill.instrumentId, fill.tradeId, fill.clientOrderId]);
      const row = {
        key,
        account_id: order.request.accountId,
        instrument_id: fill.instrumentId,
        trade_id: fill.tradeId,
        client_order_id: fill.clientOrderId,
        user_id: order.request.userId,
        bot_id: order.request.botId,
        view: fillView(fill, order.request),
      };
      return [[key, { changed, row }] as const];
    }),
  );
  if (filled.size === 0) return [];
  const added = await tx<Record<'account_id' | 'instrument_id' | 'trade_id' | 'client_order_id', string>[]>`
    INSERT INTO fills (account_id, instrument_id, trade_id, client_order_id, user_id, bot_id, view)
    SELECT * FROM jsonb_to_recordset(${json(
      tx,
      [...filled.values()].map(({ row }) => row),
    )}) AS given (account_id text, instrument_id text, trade_id text, client_order_id text, user_id text,
                  bot_id text, view jsonb)
    ON CONFLICT DO NOTHING RETURNING account_id, instrument_id, trade_id, client_order_id`;
  return added.flatMap((row) => {
    const key = JSON.stringify([row.account_id, row.instrument_id, row.trade_id, row.client_order_id]);
    return filled.get(key)?.changed ?? [];
  });
}

export async function foldDenials(tx: Transaction, events: readonly OrderDenied[]): Changed<OrderDenied> {
  if (events.length === 0) return [];
  const newest = newestOf(
    events,
    ({ order }) => order.clientOrderId,
    () => 0,
  );
  const rows = [...newest.values()].map(({ order, denial, meta }) => {
    const view = deniedOrderView(order, denial, meta);
    return {
      client_order_id: order.clientOrderId,
      user_id: order.userId,
      bot_id: order.botId,
      version: view.version,
      view,
    };
  });
  return told(
    newest,
    await tx<{ row: string }[]>`
      INSERT INTO orders (client_order_id, user_id, bot_id, version, final, view)
      SELECT client_order_id, user_id, bot_id, version, true, view FROM jsonb_to_recordset(${json(tx, rows)})
        AS given (client_order_id text, user_id text, bot_id text, version integer, view jsonb)
      ON CONFLICT (client_order_id) DO UPDATE
        SET version = excluded.version, final = excluded.final, view = excluded.view
        WHERE orders.version = ${unjudged}
      RETURNING client_order_id AS row`,
  );
}

export async function foldAccounts(tx: Transaction, events: readonly AccountChanged[]): Changed<AccountChanged> {
  if (events.length === 0) return [];
  const newest = newestOf(
    events,
    ({ account }) => account.id,
    ({ meta }) => meta.recordedAt,
  );
  const rows = [...newest.values()].map(({ account, balances, positions, meta }) => ({
    account_id: account.id,
    recorded_at: meta.recordedAt,
    view: accountView(account),
    balances: balances.map((balance) => balanceView(balance, account)),
    positions: positions.map((position) => positionView(position, account)),
  }));
  return told(
    newest,
    await tx<{ row: string }[]>`
      INSERT INTO accounts (account_id, recorded_at, view, balances, positions)
      SELECT * FROM jsonb_to_recordset(${json(tx, rows)})
        AS given (account_id text, recorded_at bigint, view jsonb, balances jsonb, positions jsonb)
      ON CONFLICT (account_id) DO UPDATE
        SET recorded_at = excluded.recorded_at, view = excluded.view,
            balances = excluded.balances, positions = excluded.positions
        WHERE excluded.recorded_at >= accounts.recorded_at
      RETURNING account_id AS row`,
  );
}

export async function foldReconciliations(tx: Transaction, events: readonly Reconciled[]): Changed<Reconciled> {
  if (events.length === 0) return [];
  const newest = newestOf(
    events,
    ({ accountId }) => accountId,
    ({ meta }) => meta.recordedAt,
  );
  const rows = [...newest.values()].map(({ accountId, clean, differences, meta }) => ({
    account_id: accountId,
    recorded_at: meta.recordedAt,
    clean,
    differences: differences.map(differenceView),
  }));
  return told(
    newest,
    await tx<{ row: string }[]>`
      INSERT INTO reconciliations (account_id, recorded_at, clean, differences)
      SELECT * FROM jsonb_to_recordset(${json(tx, rows)})
        AS given (account_id text, recorded_at bigint, clean boolean, differences jsonb)
      ON CONFLICT (account_id) DO UPDATE
        SET recorded_at = excluded.recorded_at, clean = excluded.clean, differences = excluded.differences
        WHERE excluded.recorded_at >= reconciliations.recorded_at
      RETURNING account_id AS row`,
  );
}

export async function foldActivities(tx: Transaction, events: readonly ActivityLogged[]): Changed<ActivityLogged> {
  if (events.length === 0) return [];
  const all = newestOf(
    events,
    ({ meta }) => meta.eventId,
    () => 0,
  );
  const rows = [...all.values()].map(({ activity, meta }) => ({
    event_id: meta.eventId,
    user_id: activity.userId,
    bot_id: activity.botId,
    level: activity.level,
    view: activityView(activity, meta),
  }));
  return told(
    all,
    await tx<{ row: string }[]>`
      INSERT INTO activity (event_id, user_id, bot_id, level, view)
      SELECT * FROM jsonb_to_recordset(${json(tx, rows)})
        AS given (event_id text, user_id text, bot_id text, level text, view jsonb)
      ON CONFLICT DO NOTHING RETURNING event_id AS row`,
  );
}
