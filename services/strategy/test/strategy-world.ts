import { jetstreamManager } from '@nats-io/jetstream';
import { answering, done, type Handlers, hearing, type NatsBus, newMeta } from '@scalpstorm/bus';
import { type NatsWorld, natsWorld, type TestNats } from '@scalpstorm/bus/testing';
import {
  accountQuestion,
  activityLogged,
  type BotAnswer,
  type BotChanged,
  type BotCommand,
  botChanged,
  botQuestion,
  type CancelRequested,
  type Contract,
  cancelRequested,
  cycleCompleted,
  feedStatusChanged,
  type InstrumentsReply,
  instrumentsQuestion,
  type OrderRequested,
  orderChanged,
  orderDenied,
  orderRequested,
  predictionMade,
  quoteChanged,
  type Speaker,
  type StreamName,
  streamIn,
  type TradingState,
  tradeTicked,
  tradingStateChanged,
} from '@scalpstorm/contracts';
import type {
  Account,
  Bot,
  BotConfig,
  BotId,
  BotVerb,
  ClientOrderId,
  FeedStatus,
  Instrument,
  JsonObject,
  Order,
  OrderEvent,
  OrderRequest,
  Prediction,
  Quote,
  Trade,
  UserId,
} from '@scalpstorm/model';
import { SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { schemaName } from '@scalpstorm/store';
import { aBot, anAccount, anInstrument, eventually } from '@scalpstorm/testkit';
import postgres from 'postgres';
import { start } from '../src/start.js';

const clock = new SystemClock();
export const owner = aBot().userId;
/** Fixed prices, so that no order needs a quote. */
export const parameters: JsonObject = { quantity: '0.01', buyPrice: { fixed: '50000' }, sellPrice: { fixed: '51000' } };

export const configOf = (changes: Partial<BotConfig> = {}): BotConfig => ({
  ...aBot().config,
  name: 'scalper',
  parameters,
  ...changes,
});

/** The strategy service on real NATS and Postgres; the spec speaks for everybody else. */
export class StrategyWorld {
  readonly requests: OrderRequested[] = [];
  readonly cancels: CancelRequested[] = [];
  readonly log = new RecordingLog();
  instruments: Instrument[] = [anInstrument()];
  accounts: Account[] = [anAccount()];
  lastPrices: InstrumentsReply['lastPrices'] = [];
  /** Whether market-data answers. */
  marketData = true;
  instrumentsAsked = 0;
  /** Execution was asked for the accounts, and has not answered. */
  accountsHeld = false;
  private readonly buses = new Map<Speaker, NatsBus>();
  private accountsGate: Promise<void> | null = null;
  private service: { close(): Promise<void> } | null = null;
  private commands = 0;

  private constructor(
    private readonly nats: NatsWorld,
    private readonly env: Readonly<Record<string, string>>,
    readonly sql: postgres.Sql,
  ) {}

  static async open(servers: { nats: TestNats; postgresUrl: string }, settings: Readonly<Record<string, string>> = {}) {
    const nats = await natsWorld(servers.nats);
    const { namespace } = nats.place;
    const { url, user, password } = nats.place.address('strategy');
    const env = {
      SCALPSTORM_NAMESPACE: namespace,
      NATS_URL: url,
      NATS_USER: user,
      NATS_PASSWORD: password,
      POSTGRES_URL: servers.postgresUrl,
      PORT: '0',
      ...settings,
    };
    const search_path = schemaName(namespace, 'strategy');
    const sql = postgres(servers.postgresUrl, { max: 2, connection: { search_path }, onnotice: () => undefined });
    const world = new StrategyWorld(nats, env, sql);
    await world.connect();
    return world;
  }

  async startService(): Promise<void> {
    this.service = await start(this.env, { ownsProcess: false, log: this.log });
  }

  async stopService(): Promise<void> {
    await this.service?.close();
    this.service = null;
  }

  async restartService(): Promise<void> {
    await this.stopService();
    await this.startService();
  }

  /** Execution does not answer until the function is called that this gives back. */
  holdAccounts(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.accountsGate = promise;
    return () => {
      this.accountsGate = null;
      resolve();
    };
  }

  commandId(): string {
    this.commands += 1;
    return `command-${this.commands}`;
  }

  ask(command: BotCommand): Promise<BotAnswer> {
    return this.bus('gateway').ask(botQuestion, command, 10_000);
  }

  create(config: BotConfig, userId: UserId = owner): Promise<BotAnswer> {
    return this.ask({ kind: 'create', commandId: this.commandId(), userId, config });
  }

  verb(botId: BotId, verb: BotVerb, userId: UserId = owner): Promise<BotAnswer> {
    return this.ask({ kind: 'verb', commandId: this.commandId(), userId, botId, verb });
  }

  /** A bot that was created and started. */
  async started(config: BotConfig = configOf()): Promise<Bot> {
    const bot = botOf(await this.create(config));
    return botOf(await this.verb(bot.id, 'start'));
  }

  async tell(order: Order, event: OrderEvent): Promise<void> {
    await this.bus('execution').send(orderChanged, { meta: newMeta(clock, null), order, event });
  }

  async deny(order: OrderRequest, code: string): Promise<void> {
    const denial = { code, text: 'no', limit: '', value: '', next: 'Wait.' };
    await this.bus('risk-gate').send(orderDenied, { meta: newMeta(clock, null), order, denial });
  }

  async halt(state: TradingState, text: string): Promise<void> {
    await this.bus('risk-gate').send(tradingStateChanged, { meta: newMeta(clock, null), userId: null, state, text });
  }

  quote(quote: Quote): void {
    this.bus('market-data').publish(quoteChanged, { meta: newMeta(clock, null), quote });
  }

  /** What the inference service says. */
  predict(prediction: Prediction): void {
    const meta = newMeta(clock, null, prediction.occurredAt);
    this.bus('inference').publish(predictionMade, { meta, prediction });
  }

  now() {
    return clock.now();
  }

  trade(trade: Trade): void {
    this.bus('market-data').publish(tradeTicked, { meta: newMeta(clock, null), trade });
  }

  feed(status: FeedStatus): void {
    this.bus('market-data').publish(feedStatusChanged, { meta: newMeta(clock, null), status });
  }

  /** Every id that was asked for, once. */
  requestedIds(): readonly ClientOrderId[] {
    return [...new Set(this.requests.map(({ order }) => order.clientOrderId))];
  }

  async requested(id: ClientOrderId): Promise<OrderRequest> {
    return eventually(() => {
      const found = this.requests.find(({ order }) => order.clientOrderId === id);
      if (!found) throw new Error(`not requested: ${id}, but ${this.requestedIds().join()}`);
      return found.order;
    });
  }

  /** All that was sent is handled, written and acknowledged. */
  async settled(): Promise<void> {
    await eventually(async () => {
      const open = [await this.unacknowledged('ORDER_EVENTS'), await this.unacknowledged('VERDICTS')];
      if (open.some((count) => count > 0)) throw new Error(`not acknowledged: ${open}`);
    });
  }

  async botChanges(): Promise<readonly BotChanged[]> {
    return this.heard(botChanged, 'bot.changed');
  }

  cycles() {
    return this.heard(cycleCompleted, 'bot.cycle-completed');
  }

  /** All that was logged for users, oldest first. */
  async activities() {
    const logged = await this.heard(activityLogged, 'ops.activity');
    return logged.map(({ activity }) => activity);
  }

  /** The newest of a bot that others heard. */
  async seen(botId: BotId): Promise<Bot | undefined> {
    return (await this.botChanges()).findLast(({ bot }) => bot.id === botId)?.bot;
  }

  async unacknowledged(stream: StreamName): Promise<number> {
    const { consumers } = await jetstreamManager(this.nats.administrator);
    const info = await consumers.info(streamIn(this.nats.place.namespace, stream), 'strategy');
    return info.num_ack_pending + info.num_pending;
  }

  deadLetters() {
    return this.nats.deadLetters();
  }

  async close(): Promise<void> {
    await this.stopService();
    await this.sql.unsafe(`drop schema if exists ${schemaName(this.nats.place.namespace, 'strategy')} cascade`);
    await this.sql.end();
    await this.nats.close();
  }

  private async heard<E>(contract: Contract<E>, subject: string): Promise<readonly E[]> {
    if (contract.stream === null) throw new Error(`${contract.name} is not kept`);
    const stored = await this.nats.stored(contract.stream);
    return stored
      .filter((message) => message.subject.startsWith(subject))
      .map(({ payload }) => contract.decode(payload));
  }

  private async connect(): Promise<void> {
    const speakers = ['market-data', 'execution', 'risk-gate', 'gateway', 'inference'] as const;
    for (const speaker of speakers) this.buses.set(speaker, await this.nats.connect(speaker));
    const instruments = async () => {
      if (!this.marketData) throw new Error('the spec silences market-data');
      this.instrumentsAsked += 1;
      return { instruments: this.instruments, lastPrices: this.lastPrices };
    };
    await this.receive('market-data', { answers: [answering(instrumentsQuestion, instruments)] });
    const accounts = async () => {
      this.accountsHeld = this.accountsGate !== null;
      await this.accountsGate;
      const value = { accounts: this.accounts, balances: [], positions: [], reconciled: true, differences: [] };
      return { ok: true as const, value };
    };
    const keep =
      <E>(list: E[]) =>
      async (event: E) => {
        list.push(event);
        return done;
      };
    await this.receive('execution', {
      hears: [hearing(cancelRequested, keep(this.cancels))],
      answers: [answering(accountQuestion, accounts)],
    });
    await this.receive('risk-gate', { hears: [hearing(orderRequested, keep(this.requests))] });
  }

  private async receive(speaker: Speaker, handlers: Partial<Handlers>): Promise<void> {
    await this.connection(speaker).receiver.receive({ hears: [], listens: [], answers: [], ...handlers });
  }

  private bus(speaker: Speaker) {
    return this.connection(speaker).bus;
  }

  private connection(speaker: Speaker): NatsBus {
    const connection = this.buses.get(speaker);
    if (connection === undefined) throw new Error(`${speaker} is not connected`);
    return connection;
  }
}

/** @throws when it was refused */
export function botOf(answer: BotAnswer): Bot {
  if (!answer.ok) throw new Error(JSON.stringify(answer.refusals));
  return answer.value;
}
