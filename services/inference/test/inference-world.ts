import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listening, type NatsBus, newMeta } from '@scalpstorm/bus';
import { type NatsWorld, natsWorld, type TestNats } from '@scalpstorm/bus/testing';
import {
  feedStatusChanged,
  type InferenceRequest,
  inferenceQuestion,
  type PredictionMade,
  predictionMade,
  quoteChanged,
} from '@scalpstorm/contracts';
import type { FeedStatus, Quote } from '@scalpstorm/model';
import { SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { start } from '../src/start.js';

/** The model of the repository. */
export const ownModels = fileURLToPath(new URL('../models', import.meta.url));
const clock = new SystemClock();

/** The inference service on real NATS with models in a folder of its own; the spec speaks for everybody else. */
export class InferenceWorld {
  readonly predictions: PredictionMade[] = [];
  readonly log = new RecordingLog();
  url = '';
  operationsUrl = '';
  private readonly buses = new Map<'market-data' | 'strategy' | 'gateway', NatsBus>();
  private service: { close(): Promise<void> } | null = null;

  private constructor(
    private readonly nats: NatsWorld,
    readonly models: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async open(server: TestNats, settings: Readonly<Record<string, string>> = {}): Promise<InferenceWorld> {
    const nats = await natsWorld(server);
    const models = await mkdtemp(join(tmpdir(), 'scalpstorm-models-'));
    await cp(ownModels, models, { recursive: true });
    const { url, user, password } = nats.place.address('inference');
    const env = {
      SCALPSTORM_NAMESPACE: nats.place.namespace,
      NATS_URL: url,
      NATS_USER: user,
      NATS_PASSWORD: password,
      NATS_ANSWER_MS_MAX: '20000',
      MODELS_DIR: models,
      MODELS_POLL: '50ms',
      ...settings,
    };
    const world = new InferenceWorld(nats, models, env);
    for (const speaker of ['market-data', 'strategy', 'gateway'] as const)
      world.buses.set(speaker, await nats.connect(speaker));
    const keep = listening(predictionMade, (event) => void world.predictions.push(event));
    await world.bus('strategy').receiver.receive({ hears: [], listens: [keep], answers: [] });
    return world;
  }

  async startService(): Promise<void> {
    const service = await start(this.env, { ownsProcess: false, log: this.log });
    this.service = service;
    this.url = service.url;
    this.operationsUrl = service.operationsUrl;
  }

  async stopService(): Promise<void> {
    await this.service?.close();
    this.service = null;
  }

  quote(quote: Quote): void {
    this.bus('market-data').bus.publish(quoteChanged, { meta: newMeta(clock, null), quote });
  }

  feed(status: FeedStatus): void {
    this.bus('market-data').bus.publish(feedStatusChanged, { meta: newMeta(clock, null), status });
  }

  ask(request: InferenceRequest) {
    return this.bus('gateway').bus.ask(inferenceQuestion, request, 5_000);
  }

  now() {
    return clock.now();
  }

  async get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${this.url}/${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async post(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.url}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** The very bytes of a body; null: five million of them are announced, and few are sent. */
  send(path: string, body: string | null, headers: Readonly<Record<string, string>>) {
    return new Promise<{ status: number | undefined; body: Record<string, unknown> }>((resolve, reject) => {
      const length = body === null ? 5_000_000 : Buffer.byteLength(body);
      const sent = { ...headers, 'content-length': String(length) };
      const outgoing = request(`${this.url}/${path}`, { method: 'POST', headers: sent }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => {
          outgoing.destroy();
          resolve({ status: response.statusCode, body: JSON.parse(text) });
        });
      });
      outgoing.on('error', reject);
      if (body === null) outgoing.write('[');
      else outgoing.end(body);
    });
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.operationsUrl}/metrics`)).text();
  }

  /** A further version, made of the one in the repository. */
  async addVersion(
    version: string,
    change: (card: Record<string, unknown>) => Record<string, unknown> = (card) => card,
  ): Promise<void> {
    const folder = join(this.models, 'direction', version);
    await cp(join(ownModels, 'direction', '1'), folder, { recursive: true });
    const card = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
    await writeFile(join(folder, 'model.json'), JSON.stringify(change({ ...card, version })));
  }

  async close(): Promise<void> {
    await this.stopService();
    await this.nats.close();
    await rm(this.models, { recursive: true, force: true });
  }

  private bus(speaker: 'market-data' | 'strategy' | 'gateway'): NatsBus {
    const found = this.buses.get(speaker);
    if (found === undefined) throw new Error(`${speaker} is not connected`);
    return found;
  }
}
