import { Injectable } from '@nestjs/common';
import type { TradingStateChanged } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { type OrderRequest, RiskScope, UserId } from '@scalpstorm/model';
import { AuditTrail, GroupCommit, Inbox, Store, type Transaction } from '@scalpstorm/store';
import type postgres from 'postgres';
import { auditFacts } from '../domain/audit-fact.js';
import { inFoldOrder } from '../domain/fold-order.js';
import type { ProjectedEvent } from '../domain/projected-event.js';
import { unheardOrderView } from '../domain/unheard-order.js';
import { type OrderView, requestedOrderView } from '../domain/views.js';
import { type AskedOrder, type EndedRequest, Projection } from '../ports/projection.js';
import {
  type BotChange,
  foldAccounts,
  foldActivities,
  foldBots,
  foldCycles,
  foldDenials,
  foldOrders,
  foldReconciliations,
  unjudged,
} from './postgres-folds.js';

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
    this.#commits = new GroupCommit<Fold>(store, (tx, folds) => this.#foldAll(tx, inFoldOrder(folds)));
  }

  async fold(input: ProjectedEvent): Promise<boolean> {
    const fold: Fold = { input, changed: false };
    await this.#commits.submit(fold);
    return fold.changed;
  }

  async foldAnswer(change: BotChange): Promise<void> {
    await this.store.transaction((tx) => foldBots(tx, [change]));
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

  /** Each event once: also of one that came twice at the same time only the first is folded. */
  async #foldAll(tx: Transaction, folds: readonly Fold[]): Promise<void> {
    const idOf = ({ input }: Fold) => input.event.meta.eventId;
    const unseen = new Set<string>(await this.inbox.freshAmong(tx, folds.map(idOf)));
    const fresh = folds.filter((fold) => unseen.delete(idOf(fold)));
    const changed = await this.#foldEvents(
      tx,
      fresh.map(({ input }) => input),
    );
    for (const fold of folds) fold.changed = false;
    for (const fold of fresh) fold.changed = changed.has(fold.input.event);
  }

  /** The tables in one order, and of each the rows: two gateways wait for one another and never in a circle. */
  async #foldEvents(tx: Transaction, inputs: readonly ProjectedEvent[]): Promise<ReadonlySet<object>> {
    const changed: object[] = [
      ...(await foldAccounts(tx, eventsOf(inputs, 'account-changed'))),
      ...(await foldActivities(tx, eventsOf(inputs, 'activity-logged'))),
      ...(await foldBots(tx, eventsOf(inputs, 'bot-changed'))),
      ...(await foldCycles(tx, eventsOf(inputs, 'cycle-completed'))),
      ...(await foldOrders(tx, eventsOf(inputs, 'order-changed'))),
      ...(await foldDenials(tx, eventsOf(inputs, 'order-denied'))),
      ...(await foldReconciliations(tx, eventsOf(inputs, 'reconciled'))),
    ];
    for (const event of eventsOf(inputs, 'trading-state-changed')) {
      const { meta, ...told } = event;
      await this.audit.append(tx, auditFacts.tradingStateChanged({ event: meta.eventId, ...told }));
      if (await foldTradingState(tx, event)) changed.push(event);
    }
    return new Set<object>(changed);
  }
}

type EventOf<Kind extends ProjectedEvent['kind']> = Extract<ProjectedEvent, { kind: Kind }>['event'];

const eventsOf = <Kind extends ProjectedEvent['kind']>(
  inputs: readonly ProjectedEvent[],
  kind: Kind,
): readonly EventOf<Kind>[] => inputs.flatMap((input) => (input.kind === kind ? [input.event as EventOf<Kind>] : []));

const endedAtOnceMax = 500;

/** One at a time: they are few, and each stands in the audit. */
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

/** Views hold only JSON; the driver's own type does not know read-only arrays. */
const json = (tx: Transaction, view: object) => tx.json(view as postgres.JSONValue);
