import { expect } from '@jest/globals';
import { done, hearing, NatsBus, newMeta } from '@scalpstorm/bus';
import { type TestNats, type ThrowAwayNamespace, throwAwayNamespace } from '@scalpstorm/bus/testing';
import {
  cancelRequested,
  type OrderChanged,
  type OrderRequested,
  orderApproved,
  orderChanged,
  orderRequested,
} from '@scalpstorm/contracts';
import { second, seededRng, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  ClientOrderId,
  InstrumentId,
  type OrderEvent,
  type OrderRequest,
  type OrderStatus,
  Price,
  Quantity,
  TradeId,
  VenueId,
} from '@scalpstorm/model';
import { SystemClock } from '@scalpstorm/observability';
import { schemaName } from '@scalpstorm/store';
import { eventually } from '@scalpstorm/testkit';
import { BinanceExecutionVenue } from '@scalpstorm/venue-binance';
import { type SimulatedExchange, startSimulatedExchange } from '@scalpstorm/venue-binance/testing';
import postgres from 'postgres';
import type { IntentFacts } from './consistency.js';
import { ExecutionProcess } from './execution-process.js';

export const accountId = AccountId.of('demo');
export const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const approvalLife = 60 * second;
/** An answer comes at once, unless the machine gives nobody a turn. */
const answerMsMax = 20_000;
const clock = new SystemClock();
/** Nobody listens on the port for echo. */
const nowhere = { rest: 'http://127.0.0.1:7', spotWs: 'ws://127.0.0.1:7', wsApi: 'ws://127.0.0.1:7' };

export interface OrderFault {
  readonly delayMs: number;
  readonly dropAnswer: boolean;
  readonly count: number;
}

/** Real servers, a real simulated exchange, and the mouth of the risk gate. */
export class ExecutionWorld {
  private constructor(
    private readonly place: ThrowAwayNamespace,
    private readonly exchange: SimulatedExchange,
    private readonly gate: NatsBus,
    private readonly strategy: NatsBus,
    private readonly venue: BinanceExecutionVenue,
    readonly sql: postgres.Sql,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** @param exchangeArgs of the simulated exchange; its usual markets unless they say otherwise */
  static async open(
    servers: { nats: TestNats; postgresUrl: string },
    settings: Readonly<Record<string, string>>,
    exchangeArgs: readonly string[] = [],
  ) {
    const { nats, postgresUrl } = servers;
    const [place, exchange] = await Promise.all([throwAwayNamespace(nats), startSimulatedExchange(exchangeArgs)]);
    const gate = await NatsBus.open({ ...place.address('risk-gate'), speaker: 'risk-gate', answerMsMax });
    const strategy = await NatsBus.open({ ...place.address('strategy'), speaker: 'strategy', answerMsMax });
    const venueId = VenueId.of('sim');
    const { addresses, credentials } = exchange;
    const venue = await BinanceExecutionVenue.create(
      { venue: venueId, addresses, clock, rng: seededRng(1), rateLimits: [] },
      credentials,
    );
    const { user, password, url } = place.address('execution');
    const env = {
      SCALPSTORM_NAMESPACE: place.namespace,
      NATS_URL: url,
      NATS_USER: user,
      NATS_PASSWORD: password,
      NATS_ANSWER_MS_MAX: String(answerMsMax),
      POSTGRES_URL: postgresUrl,
      ...settings,
    };
    const search_path = schemaName(place.namespace, 'execution');
    const sql = postgres(postgresUrl, { max: 2, connection: { search_path }, onnotice: () => undefined });
    return new ExecutionWorld(place, exchange, gate, strategy, venue, sql, env);
  }

  /** @param accounts `demo` is at the simulated exchange; the venue of any other one is away */
  start(accounts: readonly string[] = [accountId]): ExecutionProcess {
    const { addresses, credentials } = this.exchange;
    const settings = accounts.map((id) => ({
      id,
      label: id,
      venue: 'sim',
      mode: 'demo',
      ...(id === accountId ? addresses : nowhere),
      ...credentials,
    }));
    return ExecutionProcess.start({ ...this.env, VENUE_ACCOUNTS: JSON.stringify(settings) });
  }

  /** The gateway's own connection, for what only it may ask; the caller closes it. */
  connectGateway(): Promise<NatsBus> {
    return NatsBus.open({ ...this.place.address('gateway'), speaker: 'gateway', answerMsMax });
  }

  /** The mouth of market-data; the caller closes it. */
  connectMarketData(): Promise<NatsBus> {
    return NatsBus.open({ ...this.place.address('market-data'), speaker: 'market-data', answerMsMax });
  }

  /** What the simulated exchange lets in. */
  get credentials(): { readonly apiKey: string; readonly secret: string } {
    return this.exchange.credentials;
  }

  get addresses(): SimulatedExchange['addresses'] {
    return this.exchange.addresses;
  }

  /** The venue's own word. */
  lookup({ clientOrderId, instrumentId: ofOrder }: OrderRequest) {
    return this.venue.lookup(clientOrderId, ofOrder);
  }

  /** User events come twice, late and in any order. */
  async shuffleStream(holdMs: number): Promise<void> {
    await this.exchange.fault({ kind: 'duplicate', copies: 1, scope: { stream: 'user' } });
    await this.exchange.fault({ kind: 'reorder', window: 100, holdMs, scope: { stream: 'user' } });
  }

  async approve(order: OrderRequest): Promise<void> {
    const meta = newMeta(clock, null);
    const expiresAt = Timestamp.plus(clock.now(), approvalLife);
    await this.gate.bus.send(orderApproved, { meta, order, expiresAt }, `verdict:${order.clientOrderId}`);
  }

  /** Approves what its bot holds from now on; resolves when it is filled and booked. */
  async hold(order: OrderRequest): Promise<void> {
    await this.approve(order);
    const status = async () => {
      const [row] = await this.sql`select status from orders where client_order_id = ${order.clientOrderId}`;
      return row?.['status'];
    };
    await eventually(async () => expect(await status()).toBe('filled'), { timeoutMs: 60_000 });
  }

  /** From now on the gate lets everything pass that is asked of it; the list grows. */
  async approveAll(): Promise<readonly OrderRequested[]> {
    const asked: OrderRequested[] = [];
    const judge = async (event: OrderRequested) => {
      asked.push(event);
      await this.approve(event.order);
      return done;
    };
    await this.gate.receiver.receive({ hears: [hearing(orderRequested, judge)], listens: [], answers: [] });
    return asked;
  }

  async cancel({ clientOrderId }: OrderRequest): Promise<void> {
    await this.strategy.bus.send(cancelRequested, {
      meta: newMeta(clock, null),
      accountId,
      clientOrderId,
      reason: 'stop',
    });
  }

  /** Past everything of ours, too: the venue has an order that nobody here knows. */
  async placeByHand(order: OrderRequest): Promise<void> {
    const { kind } = await this.venue.place(order, { expiresAt: Timestamp.plus(clock.now(), 60 * second) });
    if (kind !== 'accepted') throw new Error(`the venue answered an order by hand with ${kind}`);
  }

  /** Past everything of ours, as a person does on the venue's own page. */
  async cancelByHand({ clientOrderId, instrumentId: ofOrder }: OrderRequest): Promise<void> {
    const { kind } = await this.venue.cancel({ clientOrderId, instrumentId: ofOrder });
    if (kind !== 'canceled') throw new Error(`the venue answered a cancel by hand with ${kind}`);
  }

  /** Everything that execution tells about orders, as strategy hears it; the list grows. */
  async heard(): Promise<readonly OrderChanged[]> {
    const events: OrderChanged[] = [];
    const hear = async (event: OrderChanged) => {
      events.push(event);
      return done;
    };
    await this.strategy.receiver.receive({ hears: [hearing(orderChanged, hear)], listens: [], answers: [] });
    return events;
  }

  async fault({ delayMs, dropAnswer, count }: OrderFault): Promise<void> {
    await this.exchange.fault({ place: { delayMs, dropAnswer, count } });
  }

  /** From now on the venue shows orders and fills as they were so long ago. */
  async lieBehind(ageMs: number): Promise<void> {
    await this.exchange.fault({ kind: 'stale-read', ageMs });
  }

  /** The next cancel is done, and its answer is lost. Resolves to how many such answers are still to be lost. */
  async loseCancelAnswer(): Promise<() => Promise<number>> {
    await this.exchange.fault({ kind: 'drop-answer', scope: { operation: 'cancel' }, count: 1 });
    return async () => {
      const { faults } = (await this.ask('/sim/faults')) as { faults: readonly { kind: string }[] };
      return faults.filter(({ kind }) => kind === 'drop-answer').length;
    };
  }

  /** The user stream stays open and says nothing. */
  async silenceStream(): Promise<void> {
    await this.exchange.fault({ kind: 'silent-socket', scope: { stream: 'user' } });
  }

  async clearFaults(): Promise<void> {
    await fetch(`${this.exchange.addresses.rest}/sim/faults`, { method: 'DELETE' });
  }

  /** Does the venue show the order to whoever asks? */
  async shows({ clientOrderId, instrumentId: ofOrder }: OrderRequest): Promise<boolean> {
    return (await this.venue.lookup(clientOrderId, ofOrder)) !== 'not-found';
  }

  /** How many requests the fault still waits for; each that arrives counts it off before anything else happens to it. */
  async requestsAwaited(): Promise<number> {
    const answer = (await this.ask('/sim/faults')) as { place: { count: number } | null };
    return answer.place?.count ?? 0;
  }

  /** In ours, the books are settled: nothing is on its way or in doubt. */
  async unsettled(): Promise<number> {
    const [row] = await this.sql<{ count: number }[]>`
      select count(*)::int as count from orders where status in ('sending', 'submitted', 'unknown', 'pending-cancel')`;
    return row?.count ?? 0;
  }

  async facts(clientOrderIds: readonly ClientOrderId[]): Promise<readonly IntentFacts[]> {
    const since = Timestamp.plus(clock.now(), -3_600 * second);
    const venueFills = await this.venue.fillsSince(instrumentId, { since });
    const events = await this.sql<{ client_order_id: string; kind: OrderEvent['kind'] }[]>`
      select client_order_id, kind from order_events order by version`;
    const fills = await this.sql<{ client_order_id: string; trade_id: string; price: string; quantity: string }[]>`
      select client_order_id, trade_id, price::text, quantity::text from fills`;
    const orders = await this.sql<{ client_order_id: string; status: OrderStatus; reason_code: string | null }[]>`
      select client_order_id, status, reason_code from orders`;
    const facts: IntentFacts[] = [];
    for (const clientOrderId of clientOrderIds) {
      const { orderIds, statuses } = await this.ordersOf(clientOrderId);
      const row = orders.find((order) => order.client_order_id === clientOrderId);
      const booked = fills
        .filter((fill) => fill.client_order_id === clientOrderId)
        .map((fill) => ({
          tradeId: TradeId.of(fill.trade_id),
          price: Price.of(fill.price),
          quantity: Quantity.of(fill.quantity),
        }));
      const kinds = events.filter((event) => event.client_order_id === clientOrderId).map(({ kind }) => kind);
      facts.push({
        clientOrderId,
        venueOrders: statuses,
        venueFills: venueFills.filter((fill) => orderIds.includes(fill.venueOrderId)),
        ours: row ? { status: row.status, reasonCode: row.reason_code, fills: booked, events: kinds } : null,
      });
    }
    return facts;
  }

  async close(): Promise<void> {
    await this.sql.unsafe(`drop schema if exists ${schemaName(this.place.namespace, 'execution')} cascade`);
    await this.sql.end();
    await this.venue.close();
    await Promise.all([this.gate.close(), this.strategy.close()]);
    await this.exchange.stop();
    await this.place.remove();
  }

  private async ordersOf(clientOrderId: ClientOrderId) {
    const answer = (await this.ask(`/sim/orders?clientOrderId=${clientOrderId}`)) as {
      orderIds: readonly number[];
      statuses: readonly (keyof typeof venueStatus)[];
    };
    return { orderIds: answer.orderIds.map(String), statuses: answer.statuses.map((status) => venueStatus[status]) };
  }

  private async ask(path: string): Promise<unknown> {
    const answer = await fetch(`${this.exchange.addresses.rest}${path}`);
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

const venueStatus = {
  NEW: 'open',
  PARTIALLY_FILLED: 'partially-filled',
  FILLED: 'filled',
  CANCELED: 'canceled',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
} as const;
