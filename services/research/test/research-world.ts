import { answering, type NatsBus } from '@scalpstorm/bus';
import { type NatsWorld, natsWorld, testNats } from '@scalpstorm/bus/testing';
import {
  type CandlesAnswer,
  type CandlesRequest,
  type CertificateIssued,
  candlesQuestion,
  certificateIssued,
  type ResearchAnswer,
  type ResearchJob,
  type ResearchRequest,
  researchQuestion,
} from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import {
  type Candle,
  InstrumentId,
  type JsonObject,
  Price,
  Quantity,
  timeframeLength,
  UserId,
} from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { schemaName } from '@scalpstorm/store';
import { eventually } from '@scalpstorm/testkit';
import postgres from 'postgres';
import { start } from '../src/start.js';

type Wish = ResearchRequest extends infer Request ? (Request extends unknown ? Omit<Request, 'userId'> : never) : never;

export const ann = UserId.of('user_ann');
export const bob = UserId.of('user_bob');
/** NATS, Postgres and the cores are shared with every other spec, and threads of jobs stand back for everybody. */
export const patiently = { timeoutMs: 120_000, everyMs: 20 };
const answerMs = 30_000;

const firstMillis = Date.UTC(2026, 0, 1);
const minute = timeframeLength['1m'];
const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const isoAfter = (minutes: number): string => new Date(firstMillis + minutes * 60_000).toISOString();

/** Bars that go up and down, so that averages cross. */
export const candles: readonly Candle[] = Array.from({ length: 2_500 }, (_, at) => {
  const price = (step: number) => Math.round(10_000 + 400 * Math.sin(step / 40) + 90 * Math.sin(step / 7));
  const [open, close] = [price(at), price(at + 1)];
  const of = (value: number) => Price.fromUnits(BigInt(value) * 10n ** 17n);
  return {
    instrumentId,
    timeframe: '1m',
    openedAt: Timestamp.plus(Timestamp.fromMillis(firstMillis), at * minute),
    open: of(open),
    high: of(Math.max(open, close) + 3),
    low: of(Math.min(open, close) - 3),
    close: of(close),
    volume: Quantity.fromUnits(10n ** 18n + BigInt(at)),
    trades: 3,
    closed: true,
  };
});

export const specOf = (changes: JsonObject = {}): JsonObject => ({
  strategy: 'ema-cross',
  parameters: { fast: 10, slow: 30 },
  instrument: instrumentId,
  timeframe: '1m',
  from: isoAfter(0),
  to: isoAfter(2_500),
  ...changes,
});

/** The service on real NATS and Postgres, the gateway that asks it, and market-data, whom it asks. */
export class ResearchWorld {
  readonly log = new RecordingLog();
  readonly asked: CandlesRequest[] = [];
  /** What market-data answers. */
  market: (request: CandlesRequest) => CandlesAnswer | Promise<CandlesAnswer> = ({ from, limit }) => ({
    ok: true,
    value: candles.filter(({ openedAt }) => openedAt >= from).slice(0, limit),
  });
  private readonly services: { close(): Promise<void>; readonly address: string }[] = [];
  private commands = 0;

  private constructor(
    private readonly nats: NatsWorld,
    readonly env: Readonly<Record<string, string>>,
    readonly sql: postgres.Sql,
    private readonly schema: string,
    private readonly gateway: NatsBus,
  ) {}

  static async open(postgresUrl: string, settings: Readonly<Record<string, string>> = {}): Promise<ResearchWorld> {
    const server = testNats();
    if (server === null) throw new Error('no NATS server');
    const nats = await natsWorld(server);
    const { namespace } = nats.place;
    const { url, user, password } = nats.place.address('research');
    const env = {
      SCALPSTORM_NAMESPACE: namespace,
      NATS_URL: url,
      NATS_USER: user,
      NATS_PASSWORD: password,
      NATS_ANSWER_MS_MAX: '20000',
      POSTGRES_URL: postgresUrl,
      POSTGRES_POOL_MAX: '3',
      ...settings,
    };
    const schema = schemaName(namespace, 'research');
    const sql = postgres(postgresUrl, { max: 1, connection: { search_path: schema }, onnotice: () => undefined });
    const world = new ResearchWorld(nats, env, sql, schema, await nats.connect('gateway'));
    await world.answerAsMarket();
    return world;
  }

  async startService(settings: Readonly<Record<string, string>> = {}) {
    const service = await start({ ...this.env, ...settings }, { ownsProcess: false, log: this.log });
    this.services.push(service);
    return service;
  }

  async close(): Promise<void> {
    for (const service of this.services) await service.close();
    await this.sql.unsafe(`drop schema if exists ${this.schema} cascade`);
    await this.sql.end();
    await this.nats.close();
  }

  /** As the gateway asks. */
  ask(wish: Wish, userId = ann): Promise<ResearchAnswer> {
    return this.gateway.bus.ask(researchQuestion, { userId, ...wish } as ResearchRequest, answerMs);
  }

  submit(spec: JsonObject = specOf(), { userId = ann, commandId = '', ...job }: Partial<SubmitOptions> = {}) {
    this.commands += 1;
    const whole = { kind: 'backtest' as const, name: '', priority: 'normal' as const, ...job, spec };
    return this.ask({ kind: 'submit', commandId: commandId || `command-${this.commands}`, job: whole }, userId);
  }

  /** @throws when it was refused */
  async queued(spec: JsonObject = specOf(), options: Partial<SubmitOptions> = {}): Promise<ResearchJob> {
    return jobIn(await this.submit(spec, options));
  }

  async job(id: string, userId = ann): Promise<ResearchJob> {
    return jobIn(await this.ask({ kind: 'get', jobId: id }, userId));
  }

  /** The job once it is in that state. */
  until(id: string, state: ResearchJob['state'], userId = ann): Promise<ResearchJob> {
    return eventually(async () => {
      const job = await this.job(id, userId);
      if (job.state !== state) throw new Error(`${id} is ${job.state}: ${JSON.stringify(job.fault)}`);
      return job;
    }, patiently);
  }

  async rows(jobId: string, series: 'equity' | 'trades', from = 0, limit = 5_000) {
    const answer = await this.ask({ kind: 'series', jobId, series, from, limit });
    if (!answer.ok || answer.value.kind !== 'rows') throw new Error(JSON.stringify(answer));
    return answer.value;
  }

  /** From now on market-data says nothing before it is let. */
  holdMarket(): { readonly asked: Promise<void>; let(): void } {
    const answered = this.market;
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    this.market = async (request) => {
      asked.resolve();
      await held.promise;
      return answered(request);
    };
    return {
      asked: asked.promise,
      let: () => {
        this.market = answered;
        held.resolve();
      },
    };
  }

  /** What others hear of certificates, oldest first. */
  async issued(): Promise<readonly CertificateIssued[]> {
    return (await this.nats.stored('CERTIFICATES')).map(({ payload }) => certificateIssued.decode(payload));
  }

  private async answerAsMarket(): Promise<void> {
    const market = await this.nats.connect('market-data');
    const answers = [
      answering(candlesQuestion, async (request) => {
        this.asked.push(request);
        return this.market(request);
      }),
    ];
    await market.receiver.receive({ hears: [], listens: [], answers });
  }
}

interface SubmitOptions {
  readonly kind: ResearchJob['kind'];
  readonly userId: UserId;
  readonly commandId: string;
  readonly name: string;
  readonly priority: ResearchJob['priority'];
}

export function jobIn(answer: ResearchAnswer): ResearchJob {
  const job = answer.ok && answer.value.kind === 'jobs' ? answer.value.jobs[0] : undefined;
  if (job === undefined) throw new Error(JSON.stringify(answer));
  return job;
}

export const codesIn = (answer: ResearchAnswer): readonly string[] =>
  answer.ok ? [] : answer.refusals.map(({ code, field }) => `${field} ${code}`.trim());
