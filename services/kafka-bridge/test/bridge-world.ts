import { jetstreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { type NatsBus, newMeta, provisionTopology, type Stamped } from '@scalpstorm/bus';
import { type NatsWorld, natsWorld, type TestNats } from '@scalpstorm/bus/testing';
import {
  botChanged,
  type Contract,
  cycleCompleted,
  type OrderChanged,
  orderChanged,
  type Speaker,
  type StreamName,
} from '@scalpstorm/contracts';
import { AccountId, BotId, type OrderEvent, UserId } from '@scalpstorm/model';
import { SystemClock } from '@scalpstorm/observability';
import { aBot, aCycle, anOrder, anOrderRequest, eventually } from '@scalpstorm/testkit';
import { families } from '../src/domain/families.js';
import type { Seen, TestBroker } from './broker-kinds.js';

export const clock = new SystemClock();
/** NATS and both cores are shared with every other spec. */
export const patiently = { timeoutMs: 90_000, everyMs: 50 };

/** NATS with the bridge's consumers, a broker with the topics, and whoever says something. */
export class BridgeWorld {
  readonly #buses = new Map<Speaker, NatsBus>();
  #versions = 0;

  private constructor(
    readonly nats: NatsWorld,
    readonly broker: TestBroker,
  ) {}

  static async open<Broker extends TestBroker>(server: TestNats, broker: Broker, missing: readonly string[] = []) {
    const nats = await natsWorld(server);
    await provisionTopology(nats.place.administrator, { optional: ['kafka-bridge'] });
    const world = new BridgeWorld(nats, broker);
    const standard = families.filter(({ byDefault, name }) => byDefault && !missing.includes(name));
    await broker.createTopics(standard.map(({ name }) => world.topic(name)));
    return world;
  }

  topic(family: string): string {
    return `${this.nats.place.namespace}.${family}`;
  }

  env(settings: Readonly<Record<string, string>> = {}): Record<string, string> {
    const { url, user, password, namespace } = this.nats.place.address('kafka-bridge');
    return {
      SCALPSTORM_NAMESPACE: namespace,
      NATS_URL: url,
      NATS_USER: user,
      NATS_PASSWORD: password,
      NATS_ANSWER_MS_MAX: '20000',
      KAFKA_BROKERS: this.broker.address,
      KAFKA_RETRY_LONGEST_MS: '500',
      KAFKA_REQUEST_TIMEOUT_MS: '5000',
      ...settings,
    };
  }

  async say<E extends Stamped>(speaker: Speaker, contract: Contract<E>, event: E): Promise<E> {
    const bus = this.#buses.get(speaker) ?? (await this.nats.connect(speaker));
    this.#buses.set(speaker, bus);
    if (contract.stream === null) bus.bus.publish(contract, event);
    else await bus.bus.send(contract, event);
    return event;
  }

  order(account: string, event: OrderEvent = { kind: 'submitted' }, reason = ''): Promise<OrderChanged> {
    this.#versions += 1;
    const request = anOrderRequest({ accountId: AccountId.of(account) });
    const said: OrderEvent = reason === '' ? event : { kind: 'rejected', reason: { code: 'TEST', text: reason } };
    const order = anOrder({ request, version: this.#versions });
    return this.say('execution', orderChanged, { meta: newMeta(clock, null), order, event: said });
  }

  bot(id: string, text: string) {
    this.#versions += 1;
    const bot = aBot({ id: BotId.of(id), version: this.#versions, reason: { code: 'TEST', text } });
    return this.say('strategy', botChanged, { meta: newMeta(clock, null), bot, deleted: false });
  }

  cycle(botId: string) {
    const cycle = aCycle({ botId: BotId.of(botId) });
    const event = { meta: newMeta(clock, null), userId: UserId.of('user_ann'), cycle, amends: false };
    return this.say('strategy', cycleCompleted, event);
  }

  /** As somebody sends it who is traced, or not one of us at all. */
  async raw(subject: string, data: Uint8Array, traceparent = ''): Promise<void> {
    const fields = headers();
    if (traceparent !== '') fields.set('traceparent', traceparent);
    const full = `${this.nats.place.namespace}.${subject}`;
    this.nats.administrator.publish(full, data, { headers: fields });
    await this.nats.administrator.flush();
  }

  /** Waits until so many different events are in the topic. */
  async arrived(family: string, different: number): Promise<readonly Seen[]> {
    const topic = this.topic(family);
    await eventually(() => {
      const ids = new Set(this.broker.records(topic).map(({ headers }) => headers['ce_id']));
      if (ids.size < different) throw new Error(`${ids.size} of ${different} events are in ${topic}`);
    }, patiently);
    return this.broker.records(topic);
  }

  /** Waits until the consumer has nothing left, pending or unacknowledged. */
  async caughtUp(stream: StreamName): Promise<void> {
    const manager = await jetstreamManager(this.nats.administrator);
    const { namespace } = this.nats.place;
    await eventually(async () => {
      const info = await manager.consumers.info(`${namespace}-${stream}`, 'kafka-bridge');
      const left = info.num_pending + info.num_ack_pending;
      if (left > 0) throw new Error(`${left} messages of ${stream} are left`);
    }, patiently);
  }

  deadLetters() {
    return this.nats.deadLetters();
  }

  async close(): Promise<void> {
    await this.nats.close();
    await this.broker.close();
  }
}

export interface Health {
  readonly status: number;
  readonly checks: Record<string, { status: string; error?: string }>;
}

export async function healthOf(address: string): Promise<Health> {
  const answer = await fetch(`${address}/health/ready`);
  const { checks } = (await answer.json()) as Pick<Health, 'checks'>;
  return { status: answer.status, checks };
}

export async function metricsOf(address: string): Promise<string> {
  return (await fetch(`${address}/metrics`)).text();
}

/** The first arrival of each event of a key, in the order of the topic. */
export function firstsOf(records: readonly Seen[], key: string): string[] {
  const ofKey = records.filter((record) => record.key === key).toSorted((a, b) => a.offset - b.offset);
  return [...new Set(ofKey.map(({ headers }) => headers['ce_id'] ?? ''))];
}
