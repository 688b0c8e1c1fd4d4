import { answering, type NatsBus, newMeta } from '@scalpstorm/bus';
import { type NatsWorld, natsWorld, type TestNats } from '@scalpstorm/bus/testing';
import {
  activityLogged,
  type BotAnswer,
  type BotCommand,
  botChanged,
  botQuestion,
  cycleCompleted,
  type Denial,
  type HaltSweepAnswer,
  type HaltSweepRequest,
  haltSweepQuestion,
  type NotificationCommand,
  type NotificationProfile,
  notificationsQuestion,
  orderChanged,
  orderDenied,
  type RiskCommand,
  riskQuestion,
  type Speaker,
  tradingStateChanged,
  type UserRole,
  type UserStanding,
  userStandingQuestion,
} from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { type Bot, BotId, type Cycle, type Order, type OrderEvent, RiskScope, UserId } from '@scalpstorm/model';
import { SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { schemaName } from '@scalpstorm/store';
import { aBot, aCycle, anOrder, anOrderRequest, eventually } from '@scalpstorm/testkit';
import postgres from 'postgres';
import { start } from '../src/start.js';

type Asked<Command> = Command extends unknown ? Omit<Command, 'commandId' | 'userId' | 'role'> : never;

export const clock = new SystemClock();
export const ann = UserId.of('user_ann');
/** NATS and Postgres are shared with every other spec. */
export const patiently = { timeoutMs: 60_000, everyMs: 25 };

interface Health {
  readonly status: number;
  readonly checks: Record<string, { status: string; error?: string }>;
}

async function healthOf(address: string): Promise<Health> {
  const answer = await fetch(`${address}/health/ready`);
  const { checks } = (await answer.json()) as Pick<Health, 'checks'>;
  return { status: answer.status, checks };
}

/** The service on real NATS and Postgres, and everybody whom it hears or asks. */
export class NotificationsWorld {
  readonly log = new RecordingLog();
  readonly botCommands: BotCommand[] = [];
  readonly riskCommands: RiskCommand[] = [];
  /** What strategy answers; by default it does what it is told. */
  answerBot: (command: BotCommand) => BotAnswer | Promise<BotAnswer> = (command) => ({
    ok: true,
    value: aBot({
      id: 'botId' in command ? command.botId : BotId.of('bot_00000000'),
      userId: ann,
      observed: 'stopping',
    }),
  });
  readonly sweeps: HaltSweepRequest[] = [];
  /** What the gateway answers. */
  standing: UserStanding = { role: 'trader', accounts: [{ id: 'demo', venue: 'sim', mode: 'demo' }] };
  swept: HaltSweepAnswer = {
    ok: true,
    value: {
      bots: 2,
      ordersCanceled: 3,
      left: { bots: 0, orders: 0, positions: 0, complete: true, items: [] },
    },
  };
  private readonly buses = new Map<Speaker, NatsBus>();
  private service: { close(): Promise<void>; readonly address: string } | null = null;
  private commands = 0;
  private versions = 0;

  private constructor(
    private readonly nats: NatsWorld,
    private readonly env: Readonly<Record<string, string>>,
    readonly sql: postgres.Sql,
    readonly schema: string,
  ) {}

  static async open(
    servers: { nats: TestNats; postgresUrl: string },
    settings: Readonly<Record<string, string>> = {},
    { gatewayAnswers = true } = {},
  ) {
    const nats = await natsWorld(servers.nats);
    const { namespace } = nats.place;
    const { url, user, password } = nats.place.address('notifications');
    const env = {
      SCALPSTORM_NAMESPACE: namespace,
      NATS_URL: url,
      NATS_USER: user,
      NATS_PASSWORD: password,
      NATS_ANSWER_MS_MAX: '20000',
      POSTGRES_URL: servers.postgresUrl,
      POSTGRES_POOL_MAX: '3',
      NOTIFICATIONS_RETRY_FIRST_MS: '50',
      NOTIFICATIONS_RETRY_LONGEST_MS: '200',
      ...settings,
    };
    const schema = schemaName(namespace, 'notifications');
    const sql = postgres(servers.postgresUrl, {
      max: 1,
      connection: { search_path: schema },
      onnotice: () => undefined,
    });
    const world = new NotificationsWorld(nats, env, sql, schema);
    for (const speaker of ['strategy', 'risk-gate', 'execution', 'gateway'] as const) {
      world.buses.set(speaker, await nats.connect(speaker));
    }
    await world.answerQuestions();
    if (gatewayAnswers) await world.answerAsGateway();
    await world.startService();
    return world;
  }

  async startService(): Promise<void> {
    this.service = await start(this.env, { ownsProcess: false, log: this.log });
  }

  async stopService(): Promise<void> {
    await this.service?.close();
    this.service = null;
  }

  async close(): Promise<void> {
    await this.stopService();
    await this.sql.unsafe(`drop schema if exists ${this.schema} cascade`);
    await this.sql.end();
    await this.nats.close();
  }

  /** A second process beside the first, as a rolling update starts it. */
  async startAnother(): Promise<{ close(): Promise<void>; health(): Promise<Health> }> {
    const another = await start(this.env, { ownsProcess: false, log: this.log });
    return { close: () => another.close(), health: () => healthOf(another.address) };
  }

  health(): Promise<Health> {
    return healthOf(this.service?.address ?? '');
  }

  /** As the gateway asks. */
  ask(command: Asked<NotificationCommand>, { userId = ann, role = 'trader' as UserRole } = {}) {
    this.commands += 1;
    const asked = { commandId: `command-${this.commands}`, userId, role, ...command } as NotificationCommand;
    return this.bus('gateway').ask(notificationsQuestion, asked, 10_000);
  }

  async do(
    command: Asked<NotificationCommand>,
    as: { userId?: UserId; role?: UserRole } = {},
  ): Promise<NotificationProfile> {
    const answer = await this.ask(command, as);
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusals));
    return answer.value;
  }

  /** The way everybody takes: a code from the dashboard, then /link in the chat. */
  async link(write: (text: string) => void, as: { userId?: UserId; role?: UserRole } = {}): Promise<void> {
    const { linkCode } = await this.do({ kind: 'link-telegram' }, as);
    write(`/link ${linkCode?.code}`);
    await eventually(async () => {
      if ((await this.do({ kind: 'look' }, as)).links.length === 0) throw new Error('not linked yet');
    }, patiently);
  }

  async bot(changes: Partial<Bot> = {}): Promise<Bot> {
    this.versions += 1;
    const bot = aBot({ userId: ann, version: this.versions, ...changes });
    await this.bus('strategy').send(botChanged, { meta: newMeta(clock, null), bot, deleted: false });
    return bot;
  }

  /** The same event as often as wanted: the stream keeps each, because its message ids differ. */
  async cycle(changes: Partial<Cycle> = {}, { times = 1, amends = false } = {}): Promise<void> {
    const event = {
      meta: newMeta(clock, null),
      userId: ann,
      cycle: aCycle({ completedAt: clock.now(), ...changes }),
      amends,
    };
    for (let index = 0; index < times; index += 1) {
      await this.bus('strategy').send(cycleCompleted, event, `${event.meta.eventId}:${index}`);
    }
  }

  async order(event: OrderEvent, changes: Partial<Order> = {}): Promise<void> {
    const order = anOrder({ request: anOrderRequest({ userId: ann }), ...changes });
    await this.bus('execution').send(orderChanged, { meta: newMeta(clock, null), order, event });
  }

  async denied(denial: Partial<Denial> = {}): Promise<void> {
    const whole = {
      code: 'ORDER_RATE_EXCEEDED',
      text: 'too many orders',
      limit: '20',
      value: '21',
      next: 'Wait.',
      ...denial,
    };
    const order = anOrderRequest({ userId: ann });
    await this.bus('risk-gate').send(orderDenied, { meta: newMeta(clock, null), order, denial: whole });
  }

  async halted(text: string, occurredAt: Timestamp = clock.now(), userId: UserId = ann): Promise<void> {
    const meta = newMeta(clock, null, occurredAt);
    const scope = RiskScope.user(userId);
    await this.bus('risk-gate').send(tradingStateChanged, { meta, scope, state: 'halted', text });
  }

  async activity(level: 'INFO' | 'WARNING' | 'ERROR' | 'TELEGRAM', text: string): Promise<void> {
    const activity = { level, code: 'SOMETHING', text, userId: ann, botId: null, data: {} };
    await this.bus('strategy').send(activityLogged, { meta: newMeta(clock, null), activity });
  }

  /** How much of a stream the service has not finished with. */
  async pending(stream: string): Promise<number> {
    const { jetstreamManager } = await import('@nats-io/jetstream');
    const manager = await jetstreamManager(this.nats.administrator);
    const info = await manager.consumers.info(`${this.nats.place.namespace}-${stream}`, 'notifications');
    return info.num_pending + info.num_ack_pending;
  }

  /** What the service itself wrote into the activity log last; null when nothing. */
  async lastActivity() {
    const { jetstreamManager } = await import('@nats-io/jetstream');
    const manager = await jetstreamManager(this.nats.administrator);
    const { namespace } = this.nats.place;
    const last_by_subj = `${namespace}.ops.activity.v1.notifications`;
    const message = await manager.streams.getMessage(`${namespace}-OPS`, { last_by_subj });
    return message === null ? null : activityLogged.decode(message.data).activity;
  }

  deliveries() {
    return this.sql<{ channel: string; state: string; attempts: number; title: string; error: string }[]>`
      select channel, state, attempts, title, error from deliveries order by id`;
  }

  logged(): string {
    return JSON.stringify(this.log.lines, (_, value) =>
      value instanceof Error ? { message: value.message, stack: value.stack, cause: value.cause } : value,
    );
  }

  private async answerQuestions(): Promise<void> {
    const none = { hears: [], listens: [] };
    await this.connection('strategy').receiver.receive({
      ...none,
      answers: [
        answering(botQuestion, async (command) => {
          this.botCommands.push(command);
          return this.answerBot(command);
        }),
      ],
    });
    await this.connection('risk-gate').receiver.receive({
      ...none,
      answers: [
        answering(riskQuestion, async (command) => {
          this.riskCommands.push(command);
          const state = command.kind === 'halt' ? ('halted' as const) : ('active' as const);
          return { ok: true as const, value: { state, text: command.text, since: clock.now() } };
        }),
      ],
    });
  }

  async answerAsGateway(): Promise<void> {
    await this.connection('gateway').receiver.receive({
      hears: [],
      listens: [],
      answers: [
        answering(userStandingQuestion, async () => this.standing),
        answering(haltSweepQuestion, async (request) => {
          this.sweeps.push(request);
          return this.swept;
        }),
      ],
    });
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
