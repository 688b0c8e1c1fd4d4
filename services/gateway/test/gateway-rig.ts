import { hashPassword, verifyPassword } from '@scalpstorm/auth';
import type { NatsBus } from '@scalpstorm/bus';
import { type NatsWorld, natsWorld, testNats } from '@scalpstorm/bus/testing';
import { botChanged } from '@scalpstorm/contracts';
import type { Bot, UserId } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import type { TestServers } from '@scalpstorm/testkit';
import postgres from 'postgres';
import { Passwords } from '../src/ports/passwords.js';
import { type RunningGateway, start } from '../src/start.js';
import { FakeServices, meta, play } from './fake-services.js';

export { failedDeliveryOf, linkOf, meta } from './fake-services.js';

export const setupToken = 'a-set-up-token-for-tests';
export const password = 'the storm passes over';

/** argon2id as in production, at the least cost there is: nearly every suite makes users and logs them in. */
class CheapPasswords extends Passwords {
  hash(text: string): Promise<string> {
    return hashPassword(text, { memory: 8, passes: 1, parallelism: 1 });
  }

  async verify(text: string, hash: string | null): Promise<boolean> {
    return hash !== null && (await verifyPassword(text, hash));
  }
}

/** Somebody who is logged in. */
export interface Member {
  readonly token: string;
  readonly userId: UserId;
}

/** One answer of the gateway. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  readonly body: any;
}

export interface Asking {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A gateway on real servers, in a namespace of its own, with the other services played by the test. */
export class GatewayRig {
  private constructor(
    readonly gateway: RunningGateway,
    readonly world: NatsWorld,
    readonly services: FakeServices,
    readonly speakers: Readonly<Record<'strategy' | 'risk-gate' | 'execution' | 'market-data' | 'research', NatsBus>>,
    readonly log: RecordingLog,
    private readonly servers: TestServers,
  ) {}

  static async start(servers: TestServers, changes: Readonly<Record<string, string>> = {}): Promise<GatewayRig> {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_URL is not set');
    const world = await natsWorld(nats);
    const services = new FakeServices();
    const speakers = await play(world, services);
    const log = new RecordingLog();
    const gateway = await start(
      { ...environment(servers, world), ...changes },
      { ownsProcess: false, log, passwords: new CheapPasswords() },
    );
    return new GatewayRig(gateway, world, services, speakers, log, servers);
  }

  /** A second gateway of the same platform, as behind a load balancer; closed by whoever asked for it. */
  replica(changes: Readonly<Record<string, string>> = {}): Promise<RunningGateway> {
    const env = { ...environment(this.servers, this.world), ...changes };
    return start(env, { ownsProcess: false, log: this.log, passwords: new CheapPasswords() });
  }

  async ask(method: string, path: string, { token, body, headers = {} }: Asking = {}): Promise<Answered> {
    const response = await fetch(`${this.gateway.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: json && text !== '' ? JSON.parse(text) : text };
  }

  /** What operators are told on their own port. */
  operations(path: '/health/ready' | '/metrics'): Promise<Response> {
    return fetch(this.gateway.operationsUrl + path);
  }

  /** The first user, an administrator. */
  async setUp(email = 'owner@example.com'): Promise<Member & { readonly refreshToken: string }> {
    const { body } = await this.ask('POST', '/v1/setup', { body: { token: setupToken, email, password } });
    return { token: body.accessToken, refreshToken: body.refreshToken, userId: body.user.id };
  }

  /** Another user, created by the first. */
  async addUser(by: string, email: string, role = 'trader'): Promise<Member> {
    const created = await this.ask('POST', '/v1/users', { token: by, body: { email, password, role } });
    const { body } = await this.ask('POST', '/v1/auth/login', { body: { email, password } });
    return { token: body.accessToken, userId: created.body.id };
  }

  /** A bot as strategy would announce it. */
  async announce(bot: Bot, deleted = false): Promise<void> {
    this.services.bots.set(bot.id, bot);
    await this.speakers.strategy.bus.send(botChanged, { meta: meta(), bot, deleted });
  }

  /** Looks into or changes the gateway's own tables. */
  async sql(text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const schema = `${this.world.place.namespace.replaceAll('-', '_')}_gateway`;
    const sql = postgres(this.servers.postgresUrl, {
      max: 1,
      onnotice: () => undefined,
      connection: { search_path: schema },
    });
    try {
      return await sql.unsafe(text.replaceAll('{schema}', schema));
    } finally {
      await sql.end();
    }
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.world.close();
    await this.sql('drop schema if exists {schema} cascade');
  }
}

function environment(servers: TestServers, world: NatsWorld): Readonly<Record<string, string>> {
  const { url, user, password: natsPassword, namespace } = world.place.address('gateway');
  return {
    SCALPSTORM_NAMESPACE: namespace,
    HOST: '127.0.0.1',
    NATS_URL: url,
    NATS_USER: user,
    NATS_PASSWORD: natsPassword,
    NATS_ANSWER_MS_MAX: '20000',
    POSTGRES_URL: servers.postgresUrl,
    REDIS_URL: servers.redisUrl,
    JWT_SECRET: 'a secret of more than thirty-two characters',
    SCALPSTORM_SETUP_TOKEN: setupToken,
  };
}
