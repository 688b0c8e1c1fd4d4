import { Injectable } from '@nestjs/common';
import type {
  AccountChanged,
  ActivityLogged,
  BotChanged,
  CycleCompleted,
  OrderChanged,
  OrderDenied,
  Reconciled,
  TradingStateChanged,
} from '@scalpstorm/contracts';
import { Timestamp, unreachable } from '@scalpstorm/kernel';
import { isFinal, type OrderRequest, RiskScope, UserId } from '@scalpstorm/model';
import { AuditTrail, GroupCommit, Inbox, Store, type Transaction } from '@scalpstorm/store';
import type postgres from 'postgres';
import { auditFacts } from '../domain/audit-fact.js';
import { inFoldOrder } from '../domain/fold-order.js';
import type { ProjectedEvent } from '../domain/projected-event.js';
import { unheardOrderView } from '../domain/unheard-order.js';
import {
  accountView,
  activityView,
  balanceView,
  botView,
  cycleView,
  deniedOrderView,
  differenceView,
  fillView,
  type OrderView,
  orderEventView,
  orderView,
  positionView,
  requestedOrderView,
} from '../domain/views.js';
import { type AskedOrder, type EndedRequest, Projection } from '../ports/projection.js';

/** An event on its way to the next commit, and what became of it. */
interface Fold {
  readonly input: ProjectedEvent;
  changed: boolean;
}

/** Folds events into the tables of the read model: many events, one commit, each event once (inbox) and in version order. */
@Injectable()
export class PostgresProjection extends Projection {
  readonly #commits: GroupCommit<Fold>;

  constructor(
    private readonly store: Store,
    private readonly inbox: Inbox,
    private readonly audit: AuditTrail,
  ) {
    super();
    this.#commits = new GroupCommit<Fold>(store, async (tx, folds) => {
      for (const fold of inFoldOrder(folds)) fold.changed = await this.#foldOnce(tx, fold.input);
    });
  }

  async fold(input: ProjectedEvent): Promise<boolean> {
    const fold: Fold = { input, changed: false };
    await this.#commits.submit(fold);
    return fold.changed;
  }

  async foldAnswer(change: Pick<BotChanged, 'bot' | 'deleted'>): Promise<void> {
    await this.store.transaction((tx) => foldBot(tx, change));
  }

  async foldRequest(request: OrderRequest, { askedAt, validUntil }: AskedOrder): Promise<void> {
    await this.store.transaction(async (tx) => {
      const { clientOrderId, userId, botId } = request;
      await tx`
        INSERT INTO orders (client_order_id, user_id, bot_id, version, final, view, valid_until)
        VALUES (${clientOrderId}, ${userId}, ${botId}, ${unjudged}, false,
                ${json(tx, requestedOrderView(request, askedAt))}, ${validUntil})
        ON CONFLICT DO NOTHING`;
    });
  }

  endUnheard(validBefore: Timestamp, now: Timestamp): Promise<readonly EndedRequest[]> {
    return this.store.transaction(async (tx) => {
      const rows = await tx<{ client_order_id: string; user_id: string; view: OrderView }[]>`
        SELECT client_order_id, user_id, view FROM orders
        WHERE version = ${unjudged} AND NOT final AND valid_until < ${validBefore}
        ORDER BY valid_until LIMIT ${endedAtOnceMax} FOR UPDATE SKIP LOCKED`;
      const ended = rows.map(({ user_id, view }) => ({
        userId: UserId.of(user_id),
        view: unheardOrderView(view, now),
      }));
      if (ended.length === 0) return ended;
      // The version stays: whatever is told later is newer.
      await tx`
        UPDATE orders SET final = true, view = news.view
        FROM jsonb_array_elements(${json(
          tx,
          ended.map(({ view }) => view),
        )}) AS news (view)
        WHERE client_order_id = news.view->>'clientOrderId'`;
      return ended;
    });
  }

  async #foldOnce(tx: Transaction, input: ProjectedEvent): Promise<boolean> {
    if (!(await this.inbox.fresh(tx, input.event.meta.eventId))) return false;
    if (input.kind === 'trading-state-changed') {
      const { meta, ...told } = input.event;
      await this.audit.append(tx, auditFacts.tradingStateChanged({ event: meta.eventId, ...told }));
    }
    return foldEvent(tx, input);
  }
}

const endedAtOnceMax = 500;

/** The version of an order that was only asked for: before every one that is told. */
const unjudged = -1;

function foldEvent(tx: Transaction, input: ProjectedEvent): Promise<boolean> {
  switch (input.kind) {
    case 'bot-changed':
      return foldBot(tx, input.event);
    case 'cycle-completed':
      return foldCycle(tx, input.event);
    case 'order-changed':
      return foldOrder(tx, input.event);
    case 'order-denied':
      return foldDenial(tx, input.event);
    case 'account-changed':
      return foldAccount(tx, input.event);
    case 'reconciled':
      return foldReconciliation(tx, input.event);
    case 'trading-state-changed':
      return foldTradingState(tx, input.event);
    case 'activity-logged':
      return foldActivity(tx, input.event);
    default:
      return unreachable(input, 'event');
  }
}

async function foldBot(tx: Transaction, { bot, deleted }: Pick<BotChanged, 'bot' | 'deleted'>): Promise<boolean> {
  const result = await tx`
    INSERT INTO bots (id, user_id, version, deleted, view)
    VALUES (${bot.id}, ${bot.userId}, ${bot.version}, ${deleted}, ${json(tx, botView(bot))})
    ON CONFLICT (id) DO UPDATE
      SET version = excluded.version, deleted = excluded.deleted, view = excluded.view
      WHERE NOT bots.deleted
        AND (excluded.version > bots.version OR (excluded.deleted AND excluded.version = bots.version))`;
  return result.count > 0;
}

async function foldCycle(tx: Transaction, { cycle, userId, amends }: CycleCompleted): Promise<boolean> {
  const result = await tx`
    INSERT INTO cycles (bot_id, number, user_id, view)
    VALUES (${cycle.botId}, ${cycle.number}, ${userId}, ${json(tx, cycleView(cycle))})
    ON CONFLICT (bot_id, number) DO UPDATE SET view = excluded.view WHERE ${amends}`;
  return result.count > 0;
}

async function foldOrder(tx: Transaction, { order, event, meta }: OrderChanged): Promise<boolean> {
  const { request } = order;
  const result = await tx`
    INSERT INTO orders (client_order_id, user_id, bot_id, version, final, view)
    VALUES (${request.clientOrderId}, ${request.userId}, ${request.botId}, ${order.version},
            ${isFinal(order.status)}, ${json(tx, orderView(order))})
    ON CONFLICT (client_order_id) DO UPDATE
      SET version = excluded.version, final = excluded.final, view = excluded.view
      WHERE excluded.version > orders.version`;
  // A state that is told again has the version, and the event, that it had.
  await tx`
    INSERT INTO order_events (client_order_id, version, kind, view)
    VALUES (${request.clientOrderId}, ${order.version}, ${event.kind},
            ${json(tx, orderEventView(event, order.version, meta.occurredAt))})
    ON CONFLICT DO NOTHING`;
  if (event.kind !== 'filled') return result.count > 0;
  // A fill counts even when a newer version of its order was seen first.
  const { fill } = event;
  const added = await tx`
    INSERT INTO fills (account_id, instrument_id, trade_id, client_order_id, user_id, bot_id, view)
    VALUES (${request.accountId}, ${fill.instrumentId}, ${fill.tradeId}, ${fill.clientOrderId},
            ${request.userId}, ${request.botId}, ${json(tx, fillView(fill, request))})
    ON CONFLICT DO NOTHING`;
  return result.count > 0 || added.count > 0;
}

async function foldDenial(tx: Transaction, { order, denial, meta }: OrderDenied): Promise<boolean> {
  const view = deniedOrderView(order, denial, meta);
  const result = await tx`
    INSERT INTO orders (client_order_id, user_id, bot_id, version, final, view)
    VALUES (${order.clientOrderId}, ${order.userId}, ${order.botId}, ${view.version}, true, ${json(tx, view)})
    ON CONFLICT (client_order_id) DO UPDATE
      SET version = excluded.version, final = excluded.final, view = excluded.view
      WHERE orders.version = ${unjudged}`;
  return result.count > 0;
}

async function foldAccount(tx: Transaction, { account, balances, positions, meta }: AccountChanged): Promise<boolean> {
  const shownBalances = balances.map((balance) => balanceView(balance, account));
  const shownPositions = positions.map((position) => positionView(position, account));
  const result = await tx`
    INSERT INTO accounts (account_id, recorded_at, view, balances, positions)
    VALUES (${account.id}, ${meta.recordedAt}, ${json(tx, accountView(account))},
            ${json(tx, shownBalances)}, ${json(tx, shownPositions)})
    ON CONFLICT (account_id) DO UPDATE
      SET recorded_at = excluded.recorded_at, view = excluded.view,
          balances = excluded.balances, positions = excluded.positions
      WHERE excluded.recorded_at >= accounts.recorded_at`;
  return result.count > 0;
}

async function foldReconciliation(
  tx: Transaction,
  { accountId, clean, differences, meta }: Reconciled,
): Promise<boolean> {
  const result = await tx`
    INSERT INTO reconciliations (account_id, recorded_at, clean, differences)
    VALUES (${accountId}, ${meta.recordedAt}, ${clean}, ${json(tx, differences.map(differenceView))})
    ON CONFLICT (account_id) DO UPDATE
      SET recorded_at = excluded.recorded_at, clean = excluded.clean, differences = excluded.differences
      WHERE excluded.recorded_at >= reconciliations.recorded_at`;
  return result.count > 0;
}

async function foldTradingState(tx: Transaction, { scope, state, text, meta }: TradingStateChanged): Promise<boolean> {
  const result = await tx`
    INSERT INTO trading_states (scope, recorded_at, state, text, since)
    VALUES (${tradingRow(scope)}, ${meta.recordedAt}, ${state}, ${text}, ${Timestamp.toIso(meta.occurredAt)})
    ON CONFLICT (scope) DO UPDATE
      SET recorded_at = excluded.recorded_at, state = excluded.state, text = excluded.text, since = excluded.since
      WHERE excluded.recorded_at >= trading_states.recorded_at`;
  return result.count > 0;
}

/** As rows were named before there was more than the platform and its users. */
function tradingRow(scope: RiskScope): string {
  if (scope.kind === 'platform') return '*';
  return scope.kind === 'user' ? scope.id : RiskScope.format(scope);
}

async function foldActivity(tx: Transaction, { activity, meta }: ActivityLogged): Promise<boolean> {
  const result = await tx`
    INSERT INTO activity (event_id, user_id, bot_id, level, view)
    VALUES (${meta.eventId}, ${activity.userId}, ${activity.botId}, ${activity.level}, ${json(tx, activityView(activity, meta))})
    ON CONFLICT DO NOTHING`;
  return result.count > 0;
}

/** Views hold only JSON; the driver's own type does not know read-only arrays. */
const json = (tx: Transaction, view: object) => tx.json(view as postgres.JSONValue);
