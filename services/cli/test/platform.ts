import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { answering, type NatsBus, newMeta } from '@scalpstorm/bus';
import { type NatsWorld, natsWorld, testNats } from '@scalpstorm/bus/testing';
import {
  accountQuestion,
  type BotAnswer,
  type BotCommand,
  botChanged,
  botQuestion,
  type Flatness,
  type FlatRequest,
  flatQuestion,
  instrumentsQuestion,
  type NotificationCommand,
  notificationsQuestion,
  type RiskCommand,
  reconciliationQuestion,
  riskQuestion,
  strategiesQuestion,
  venueAccountQuestion,
} from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { type Bot, BotId } from '@scalpstorm/model';
import { aBot, anAccount, anInstrument, eventually, type TestServers } from '@scalpstorm/testkit';
import postgres from 'postgres';
import { run } from '../src/program.js';
import { PlayedNotifications, PlayedVenueAccounts } from './played-accounts.js';
import { playedReconciliation } from './played-reconciliation.js';

export const repository = fileURLToPath(new URL('../../..', import.meta.url));
export const program = join(repository, 'services/cli/bin/scalpstorm.mjs');
export const email = 'owner@example.com';
export const password = 'the storm passes over';
/** A process and its migrations, on a machine that does other things, too. */
const startsWithin = { timeoutMs: 60_000, everyMs: 50 };
const setupToken = 'a-set-up-token-for-tests';
const clock = { now: () => Timestamp.fromMillis(Date.now()) };
export const meta = () => newMeta(clock, null);

/** What strategies look like to a client; enough of a schema for flags of every type. */
export const schema = {
  type: 'object',
  properties: {
    quantity: { title: 'Quantity', description: 'In the base asset.', type: 'string' },
    buyPrice: {
      description: 'Where it buys.',
      oneOf: [
        { type: 'object', properties: { fixed: { type: 'string' } } },
        { type: 'object', properties: { offset: { type: 'string' }, unit: { enum: ['ticks', 'bps'] } } },
      ],
    },
    loop: { type: 'boolean', default: true },
    maxCycles: { type: ['integer', 'null'], default: null },
  },
  required: ['quantity'],
} as const;

/** Where a command ended, and what it said. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Speakers = Readonly<Record<'strategy' | 'risk-gate' | 'execution' | 'market-data', NatsBus>>;

/** What the services behind the gateway would answer; a test replaces what it is about. */
export class PlayedServices {
  readonly bots = new Map<BotId, Bot>();
  readonly commands: BotCommand[] = [];
  readonly riskCommands: RiskCommand[] = [];
  readonly venueAccounts = new PlayedVenueAccounts();
  readonly notifications = new PlayedNotifications();
  #next = 0;

  /** Nothing is open anywhere. */
  onFlat: (request: FlatRequest) => Promise<Flatness> = async ({ accountIds }) => ({
    accounts: accountIds.map((accountId) => ({ accountId, code: '', text: '', orders: [], positions: [] })),
    halted: true,
  });
  onBot: (command: BotCommand) => BotAnswer = (command) => this.#obey(command);

  #obey(command: BotCommand): BotAnswer {
    this.commands.push(command);
    const known = command.kind === 'create' ? this.#created(command) : this.bots.get(command.botId);
    if (known === undefined) throw new Error('the gateway asked for a bot that does not exist');
    const bot = { ...known, version: known.version + 1 };
    this.bots.set(bot.id, bot);
    return { ok: true, value: bot };
  }

  #created({ userId, config }: Extract<BotCommand, { kind: 'create' }>): Bot {
    this.#next += 1;
    return aBot({ id: BotId.of(`bot_${String(this.#next).padStart(8, '0')}`), userId, config, version: 0 });
  }
}

/** A real gateway in a process of its own on real servers; the services behind it are played. */
export class TestPlatform {
  private constructor(
    readonly url: string,
    /** Of the gateway's health and metrics. */
    readonly operationsUrl: string,
    /** `host:port` of the gRPC door. */
    readonly grpcAddress: string,
    readonly world: NatsWorld,
    readonly services: PlayedServices,
    readonly speakers: Speakers,
    /** Where the program keeps its log-ins. */
    readonly home: string,
    private readonly gateway: ChildProcess,
    private readonly servers: TestServers,
  ) {}

  static async start(servers: TestServers): Promise<TestPlatform> {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_URL is not set');
    const world = await natsWorld(nats);
    const services = new PlayedServices();
    const speakers = await play(world, services);
    const gateway = spawn(process.execPath, [join(repository, 'dist/gateway.js')], {
      env: { ...process.env, ...environment(servers, world), PORT: '0', OPERATIONS_PORT: '0', GRPC_PORT: '0' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const { url, operationsUrl, grpcAddress } = await addressesOf(gateway);
    await eventually(async () => {
      if (!(await fetch(`${operationsUrl}/health/ready`)).ok) throw new Error('not ready yet');
    }, startsWithin);
    const home = await mkdtemp(join(tmpdir(), 'scalpstorm-cli-'));
    return new TestPlatform(url, operationsUrl, grpcAddress, world, services, speakers, home, gateway, servers);
  }

  /** The first user, whom the tests log in as. */
  async setUp(): Promise<string> {
    const response = await fetch(`${this.url}/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: setupToken, email, password }),
    });
    return ((await response.json()) as { accessToken: string }).accessToken;
  }

  /** Starts the program as people do. */
  start(args: readonly string[], changes: Readonly<Record<string, string>> = {}): ChildProcess {
    return spawn(process.execPath, [program, ...args], { env: this.#environment(changes), stdio: 'pipe' });
  }

  /** The same in this process, to its end; its standard input is what is given and no terminal. */
  async run(args: readonly string[], { input = '', ...changes }: RunOptions = {}): Promise<Ran> {
    const said = { stdout: '', stderr: '' };
    const into = (name: keyof typeof said) =>
      new Writable({
        write(chunk, _encoding, done) {
          said[name] += String(chunk);
          done();
        },
      }) as NodeJS.WriteStream;
    const stdin = Readable.from(input === '' ? [] : [input]) as NodeJS.ReadStream;
    const terminal = { stdin, stdout: into('stdout'), stderr: into('stderr') };
    const code = await run(args, terminal, this.#environment(changes.environment ?? {}));
    return { code, ...said };
  }

  #environment(changes: Readonly<Record<string, string>>): Record<string, string | undefined> {
    const { XDG_CONFIG_HOME: _, ...inherited } = process.env;
    return { ...inherited, HOME: this.home, SCALPSTORM_ROOT: repository, SCALPSTORM_URL: this.url, ...changes };
  }

  async json(args: readonly string[], options: RunOptions = {}): Promise<unknown> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], options);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout);
  }

  logIn(): Promise<Ran> {
    return this.run(['login', '--email', email, '--password-stdin'], { input: `${password}\n` });
  }

  profile(): Promise<string> {
    return readFile(join(this.home, '.config/scalpstorm/default.json'), 'utf8');
  }

  async announce(bot: Bot): Promise<void> {
    this.services.bots.set(bot.id, bot);
    await this.speakers.strategy.bus.send(botChanged, { meta: meta(), bot, deleted: false });
  }

  async close(): Promise<void> {
    this.gateway.kill('SIGTERM');
    await once(this.gateway, 'exit');
    await this.world.close();
    await rm(this.home, { recursive: true });
    const sql = postgres(this.servers.postgresUrl, { max: 1, onnotice: () => undefined });
    await sql.unsafe(`drop schema if exists ${this.world.place.namespace.replaceAll('-', '_')}_gateway cascade`);
    await sql.end();
  }
}

export interface RunOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

function environment(servers: TestServers, world: NatsWorld): Readonly<Record<string, string>> {
  const { url, user, password: natsPassword, namespace } = world.place.address('gateway');
  return {
    SCALPSTORM_NAMESPACE: namespace,
    SCALPSTORM_PARENT: 'stdin',
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

async function play(world: NatsWorld, services: PlayedServices): Promise<Speakers> {
  const [strategy, risk, execution, market] = await Promise.all([
    world.connect('strategy'),
    world.connect('risk-gate'),
    world.connect('execution'),
    world.connect('market-data'),
  ]);
  const quiet = { hears: [], listens: [] };
  const strategies = [{ id: 'scalping-cycle', title: 'Scalping cycle', description: 'Buys and sells.', schema }];
  await strategy.receiver.receive({
    ...quiet,
    answers: [
      answering(botQuestion, async (command) => services.onBot(command)),
      answering(strategiesQuestion, async () => ({ strategies })),
    ],
  });
  const state = async (command: RiskCommand) => {
    services.riskCommands.push(command);
    const halted = command.kind === 'halt' || (command.kind === 'set' && command.state === 'halted');
    return {
      ok: true as const,
      value: { state: halted ? ('halted' as const) : ('active' as const), text: command.text, since: clock.now() },
    };
  };
  await risk.receiver.receive({ ...quiet, answers: [answering(riskQuestion, state)] });
  const books = { accounts: [anAccount()], balances: [], positions: [], reconciled: true, differences: [] };
  const answers = [
    answering(accountQuestion, async () => ({ ok: true as const, value: books })),
    answering(venueAccountQuestion, async (request) => services.venueAccounts.answer(request)),
    answering(flatQuestion, async (request) => services.onFlat(request)),
    answering(reconciliationQuestion, async (request) => playedReconciliation(request)),
  ];
  await execution.receiver.receive({ ...quiet, answers });
  const notifications = await world.connect('notifications');
  const told = async (command: NotificationCommand) => services.notifications.answer(command);
  await notifications.receiver.receive({ ...quiet, answers: [answering(notificationsQuestion, told)] });
  const instruments = async () => ({ instruments: [anInstrument()], lastPrices: [] });
  await market.receiver.receive({ ...quiet, answers: [answering(instrumentsQuestion, instruments)] });
  return { strategy, 'risk-gate': risk, execution, 'market-data': market };
}

type Line = Readonly<Record<'msg' | 'url' | 'operationsUrl' | 'address', string>>;
type Addresses = Readonly<Record<'url' | 'operationsUrl' | 'grpcAddress', string>>;

/** Where it listens, as its log says: the system chooses the ports. */
async function addressesOf({ stdout, exitCode }: ChildProcess): Promise<Addresses> {
  if (stdout === null) throw new Error('no stdout');
  const found = { url: '', operationsUrl: '', grpcAddress: '' };
  const lines = createInterface({ input: stdout });
  for await (const line of lines) {
    const { msg, url = '', operationsUrl = '', address } = JSON.parse(line) as Partial<Line>;
    if (msg === 'serving') Object.assign(found, { url, operationsUrl });
    if (msg === 'the gRPC door is open') found.grpcAddress = address ?? '';
    if (found.url === '' || found.grpcAddress === '') continue;
    // It would stand still if nobody read what it says from now on.
    stdout.resume();
    return found;
  }
  throw new Error(`the gateway ended with ${exitCode}; is it built?`);
}
