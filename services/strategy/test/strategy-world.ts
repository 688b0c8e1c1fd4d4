import { jetstreamManager } from '@nats-io/jetstream';
import { type NatsWorld, natsWorld, testNats } from '@scalpstorm/bus/testing';
import {
  activityLogged,
  type BotAnswer,
  type BotChanged,
  type BotCommand,
  botChanged,
  botQuestion,
  type Contract,
  cycleCompleted,
  type Speaker,
  type StreamName,
  streamIn,
} from '@scalpstorm/contracts';
import type { Bot, BotConfig, BotId, BotVerb, JsonObject, UserId } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { schemaName } from '@scalpstorm/store';
import { aBot, eventually, type TestServers } from '@scalpstorm/testkit';
import postgres from 'postgres';
import { start } from '../src/start.js';
import { OtherServices } from './other-services.js';

export const owner = aBot().userId;
/** Fixed prices, so that no order needs a quote. */
export const parameters: JsonObject = { quantity: '0.01', buyPrice: { fixed: '50000' }, sellPrice: { fixed: '51000' } };

export const configOf = (changes: Partial<BotConfig> = {}): BotConfig => ({
  ...aBot().config,
  name: 'scalper',
  parameters,
  ...changes,
});

/** The usual parameters, some of them otherwise. */
export const withParameters = (changes: JsonObject): Partial<BotConfig> => ({
  parameters: { ...parameters, ...changes },
});

/** The strategy service on real NATS and Postgres; the spec speaks for everybody else. */
export class StrategyWorld {
  readonly log = new RecordingLog();
  private service: { close(): Promise<void> } | null = null;
  private commands = 0;

  private constructor(
    private readonly nats: NatsWorld,
    readonly env: Readonly<Record<string, string>>,
    readonly sql: postgres.Sql,
    readonly others: OtherServices,
  ) {}

  /** @param settings of the service, which does not run yet */
  static async open({ postgresUrl }: TestServers, settings: Readonly<Record<string, string>> = {}) {
    const servers = testNats();
    if (servers === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    const nats = await natsWorld(servers);
    const { namespace } = nats.place;
    const { url, user, password } = nats.place.address('strategy');
    const env = {
      SCALPSTORM_NAMESPACE: namespace,
      NATS_URL: url,
      NATS_USER: user,
      NATS_PASSWORD: password,
      NATS_ANSWER_MS_MAX: '20000',
      POSTGRES_URL: postgresUrl,
      ...settings,
    };
    const search_path = schemaName(namespace, 'strategy');
    const sql = postgres(postgresUrl, { max: 2, connection: { search_path }, onnotice: () => undefined });
    return new StrategyWorld(nats, env, sql, await OtherServices.connect(nats));
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

  /** What another service of this platform is started with. */
  envOf(speaker: Speaker): Readonly<Record<string, string>> {
    const { url, user, password } = this.nats.place.address(speaker);
    return { ...this.env, NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password };
  }

  /** What another service of this platform has stored goes. */
  async forget(speaker: Speaker): Promise<void> {
    await this.sql.unsafe(`drop schema if exists ${schemaName(this.nats.place.namespace, speaker)} cascade`);
  }

  commandId(): string {
    this.commands += 1;
    return `command-${this.commands}`;
  }

  ask(command: BotCommand): Promise<BotAnswer> {
    return this.others.bus('gateway').ask(botQuestion, command, 30_000);
  }

  create(config: BotConfig, userId: UserId = owner): Promise<BotAnswer> {
    return this.ask({ kind: 'create', commandId: this.commandId(), userId, config });
  }

  verb(botId: BotId, verb: BotVerb, userId: UserId = owner): Promise<BotAnswer> {
    return this.ask({ kind: 'verb', commandId: this.commandId(), userId, botId, verb });
  }

  edit(botId: BotId, changes: JsonObject, name: string | null = null): Promise<BotAnswer> {
    const edited = { ...parameters, ...changes };
    return this.ask({ kind: 'edit', commandId: this.commandId(), userId: owner, botId, name, parameters: edited });
  }

  /** A bot that was created and started. */
  async started(config: BotConfig = configOf()): Promise<Bot> {
    const bot = botOf(await this.create(config));
    return botOf(await this.verb(bot.id, 'start'));
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
}

/** @throws when it was refused */
export function botOf(answer: BotAnswer): Bot {
  if (!answer.ok) throw new Error(JSON.stringify(answer.refusals));
  return answer.value;
}

/** Why it was refused; nothing when it was not. */
export const codesOf = (answer: BotAnswer): readonly string[] =>
  answer.ok ? [] : answer.refusals.map(({ code }) => code);
