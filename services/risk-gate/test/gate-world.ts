import { fileURLToPath } from 'node:url';
import { answering, done, type Handlers, hearing, type NatsBus, newMeta } from '@scalpstorm/bus';
import { type NatsWorld, natsWorld, type TestNats, testNats } from '@scalpstorm/bus/testing';
import {
  type AccountAnswer,
  accountQuestion,
  cycleCompleted,
  feedStatusChanged,
  instrumentsQuestion,
  type OrderApproved,
  type OrderDenied,
  orderApproved,
  orderChanged,
  orderDenied,
  orderRequested,
  quoteChanged,
  riskQuestion,
  type Speaker,
} from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import {
  type Balance,
  type BotId,
  Money,
  type Order,
  type OrderEvent,
  type OrderRequest,
  Price,
  Quantity,
  type Quote,
  RiskScope,
  type TradingState,
  UserId,
} from '@scalpstorm/model';
import { SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, schemaName } from '@scalpstorm/store';
import { aBalance, aCycle, aFeedStatus, anAccount, anInstrument, aQuote } from '@scalpstorm/testkit';
import postgres from 'postgres';
import { start } from '../src/start.js';

/** Execution owns the views that the gate reads; a spec makes them by execution's own migrations. */
const executionMigrations = fileURLToPath(new URL('../../execution/migrations', import.meta.url));
const clock = new SystemClock();
const quoteEveryMs = 50;
const user = UserId.of('user_1');

/** For one case of a spec: it is gone when the case is over. */
export async function inGateWorld(
  postgresUrl: string,
  settings: Readonly<Record<string, string>>,
  work: (world: GateWorld) => Promise<void>,
): Promise<void> {
  const nats = testNats();
  if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
  const world = await GateWorld.open({ nats, postgresUrl }, settings);
  try {
    await work(world);
  } finally {
    await world.close();
  }
}

/** The gate on real NATS and Postgres, and everybody whom it speaks with. */
export class GateWorld {
  readonly approvals: OrderApproved[] = [];
  readonly denials: OrderDenied[] = [];
  readonly log = new RecordingLog();
  /** What the market quotes. */
  quoted: Partial<Quote> = {};
  /** What execution says that the account has. */
  balances: readonly Balance[] = [aBalance({ free: Money.of('1000000', 'USDT') })];
  private readonly buses = new Map<Speaker, NatsBus>();
  private gate: { close(): Promise<void> } | null = null;
  private quotes: NodeJS.Timeout | null = null;
  private commands = 0;

  private constructor(
    private readonly nats: NatsWorld,
    private readonly env: Readonly<Record<string, string>>,
    readonly sql: postgres.Sql,
    readonly executionSchema: string,
  ) {}

  static async open(servers: { nats: TestNats; postgresUrl: string }, settings: Readonly<Record<string, string>>) {
    const nats = await natsWorld(servers.nats);
    const { namespace } = nats.place;
    const { url, user: speaker, password } = nats.place.address('risk-gate');
    const log = new RecordingLog();
    const executionSchema = schemaName(namespace, 'execution');
    await migrate({ url: servers.postgresUrl, schema: executionSchema, folder: executionMigrations, log });
    const env = {
      SCALPSTORM_NAMESPACE: namespace,
      NATS_URL: url,
      NATS_USER: speaker,
      NATS_PASSWORD: password,
      NATS_ANSWER_MS_MAX: '20000',
      POSTGRES_URL: servers.postgresUrl,
      // Several worlds of a spec may be open at once.
      POSTGRES_POOL_MAX: '3',
      ...settings,
    };
    const search_path = `${schemaName(namespace, 'risk')},${executionSchema}`;
    const sql = postgres(servers.postgresUrl, { max: 2, connection: { search_path }, onnotice: () => undefined });
    const world = new GateWorld(nats, env, sql, executionSchema);
    await world.connect();
    return world;
  }

  async startGate(): Promise<void> {
    this.gate = await start(this.env, { ownsProcess: false, log: this.log });
  }

  /** Beside the first. Resolves when it has taken over. */
  async startSuccessor(log: RecordingLog): Promise<void> {
    const successor = await start(this.env, { ownsProcess: false, log });
    this.gate = successor;
  }

  async stopGate(): Promise<void> {
    const { gate } = this;
    this.gate = null;
    await gate?.close();
  }

  /** Every call has a message id of its own, as a repeated ask has. */
  async request(order: OrderRequest, ask = 1): Promise<void> {
    await this.bus('strategy').send(orderRequested, { meta: newMeta(clock, null), order, ask, marketAt: null });
  }

  async change(order: Order, event: OrderEvent): Promise<void> {
    await this.bus('execution').send(orderChanged, { meta: newMeta(clock, null), order, event });
  }

  /** As an operator, or as the user himself. */
  async say(scope: RiskScope, state: TradingState, operator = false) {
    this.commands += 1;
    const by = operator ? UserId.of('user_risk') : user;
    const told = { commandId: `command-${this.commands}`, userId: user, text: 'a test says so' };
    return this.bus('gateway').ask(riskQuestion, { ...told, kind: 'set', scope, state, by, operator });
  }

  /** As strategy tells it when a bot has bought and sold. */
  async cycle(botId: BotId, number: number, net: Money): Promise<void> {
    const cycle = aCycle({ botId, number, net, mode: 'demo', completedAt: clock.now() });
    await this.bus('strategy').send(cycleCompleted, { meta: newMeta(clock, null), userId: user, cycle, amends: false });
  }

  async setLimit(scope: RiskScope, name: string, value: string | null, expectedVersion: number | null = null) {
    this.commands += 1;
    const told = { commandId: `command-${this.commands}`, userId: user, text: 'a test says so', by: user };
    const scopes = scope.kind === 'platform' ? [scope] : [RiskScope.platform, scope];
    const wishes = [{ name, value }];
    return this.bus('gateway').ask(riskQuestion, { ...told, kind: 'set-limits', scopes, wishes, expectedVersion });
  }

  async states() {
    const answer = await this.command('states');
    return answer.states?.map(({ scope, state, by, operator }) => ({
      scope: RiskScope.format(scope),
      ...{ state, by, operator },
    }));
  }

  async command(kind: 'halt' | 'release' | 'state' | 'states', text = 'a test says so') {
    this.commands += 1;
    const commandId = `command-${this.commands}`;
    const answer = await this.bus('gateway').ask(riskQuestion, { kind, commandId, userId: user, text });
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusals));
    return answer.value;
  }

  /** All that the stream of verdicts holds about an id: one, or something is wrong. */
  async verdictsOf({ clientOrderId }: OrderRequest): Promise<readonly (OrderApproved | OrderDenied)[]> {
    return (await this.verdicts()).filter(({ order }) => order.clientOrderId === clientOrderId);
  }

  async verdicts(): Promise<readonly (OrderApproved | OrderDenied)[]> {
    const stored = await this.nats.stored('VERDICTS');
    return stored.map(({ subject, payload }) =>
      subject.startsWith('order.approved') ? orderApproved.decode(payload) : orderDenied.decode(payload),
    );
  }

  /** As if the bot had bought that much, in execution's books. */
  async hold(botId: BotId, quantity: string): Promise<void> {
    await this.sql`insert into positions values
      ('demo', ${botId}, 'sim:BTC-USDT', ${quantity}, '-500', 'USDT', '[]', 1, ${this.now()})`;
  }

  /** One that execution's books show as in doubt. */
  async doubtful(order: OrderRequest): Promise<void> {
    const row = {
      client_order_id: order.clientOrderId,
      account_id: order.accountId,
      user_id: order.userId,
      bot_id: order.botId,
      instrument_id: order.instrumentId,
      mode: order.mode,
      side: order.side,
      type: order.type,
      quantity: Quantity.format(order.quantity),
      price: order.price === null ? null : Price.format(order.price),
      time_in_force: order.timeInForce,
      purpose: order.purpose,
      status: 'unknown',
      filled_quantity: '0',
      filled_notional: '0',
      notional_currency: 'USDT',
      fees: [],
      version: 2,
      attempt: 1,
      created_at_us: this.now(),
      updated_at_us: this.now(),
    };
    await this.sql`insert into orders ${this.sql({ ...row, fees: this.sql.json([]) })}`;
  }

  async tradingStates(): Promise<number> {
    const stored = await this.nats.stored('OPS');
    return stored.filter(({ subject }) => subject.startsWith('risk.trading-state')).length;
  }

  now(): Timestamp {
    return clock.now();
  }

  async close(): Promise<void> {
    if (this.quotes) clearInterval(this.quotes);
    await this.stopGate();
    const schemas = [this.executionSchema, schemaName(this.nats.place.namespace, 'risk')];
    for (const schema of schemas) await this.sql.unsafe(`drop schema if exists ${schema} cascade`);
    await this.sql.end();
    await this.nats.close();
  }

  private async connect(): Promise<void> {
    const speakers = ['strategy', 'execution', 'market-data', 'gateway'] as const;
    for (const speaker of speakers) this.buses.set(speaker, await this.nats.connect(speaker));
    const instruments = [anInstrument()];
    const answer = async () => ({ instruments, lastPrices: [] });
    await this.receive('market-data', { answers: [answering(instrumentsQuestion, answer)] });
    const keep =
      <E>(list: E[]) =>
      async (event: E) => {
        list.push(event);
        return done;
      };
    await this.receive('execution', {
      hears: [hearing(orderApproved, keep(this.approvals))],
      answers: [answering(accountQuestion, async () => this.means())],
    });
    await this.receive('strategy', { hears: [hearing(orderDenied, keep(this.denials))] });
    const market = this.bus('market-data');
    this.quotes = setInterval(() => {
      const status = aFeedStatus({ state: 'live', clockOffset: 0 });
      market.publish(feedStatusChanged, { meta: newMeta(clock, null), status });
      market.publish(quoteChanged, {
        meta: newMeta(clock, null),
        quote: aQuote({ occurredAt: clock.now(), ...this.quoted }),
      });
    }, quoteEveryMs);
  }

  private means(): AccountAnswer {
    const value = {
      accounts: [anAccount()],
      balances: this.balances,
      balancesAsOf: clock.now(),
      positions: [],
      reconciled: true,
      differences: [],
    };
    return { ok: true, value };
  }

  private bus(speaker: Speaker) {
    return this.connection(speaker).bus;
  }

  private async receive(speaker: Speaker, handlers: Partial<Handlers>): Promise<void> {
    await this.connection(speaker).receiver.receive({ hears: [], listens: [], answers: [], ...handlers });
  }

  private connection(speaker: Speaker): NatsBus {
    const connection = this.buses.get(speaker);
    if (connection === undefined) throw new Error(`${speaker} is not connected`);
    return connection;
  }
}
