import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HealthRegistry, Log } from '@scalpstorm/observability';
import { featureFault, type ModelCard, type ModelFault, newestFirst } from '../domain/model-card.js';
import { InferenceMetrics } from '../inference-metrics.js';
import { ModelRunner } from '../ports/model-runner.js';
import { type FoundModel, ModelSource } from '../ports/model-source.js';
import { Dispatcher, type Lane } from './dispatcher.js';

export abstract class ModelSettings {
  abstract readonly pollMs: number;
}

export interface ServingModel {
  readonly card: ModelCard;
  readonly stamp: string;
  readonly lane: Lane;
}

/**
 * The models that serve: of each name the highest version that is whole. A newer one takes over when it has been loaded and warmed;
 * until then, and if it is broken, the old one serves.
 */
@Injectable()
export class Models implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly serving = new Map<string, ServingModel>();
  /** Told once, until its files change. */
  private readonly refused = new Map<string, { readonly stamp: string; readonly fault: ModelFault }>();
  /** The newest card of each name, whether or not its model could be loaded: a baseline needs no more. */
  private readonly cards = new Map<string, ModelCard>();
  private looking: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private looked = false;
  private ended = false;
  private sourceFault: string | null = null;

  constructor(
    private readonly source: ModelSource,
    private readonly runner: ModelRunner,
    private readonly dispatcher: Dispatcher,
    private readonly settings: ModelSettings,
    private readonly log: Log,
    private readonly metrics: InferenceMetrics,
    health: HealthRegistry,
  ) {
    metrics.serving(() =>
      this.all().map(({ card, lane }) => ({ model: card.name, version: card.version, provider: lane.model.provider })),
    );
    // Critical: another process could compute, this one can not any more.
    health.register('threads', async () => {
      if (runner.fault !== null) throw new Error(runner.fault);
    });
    // Not critical: bots stand still without a model, and nothing else needs this service.
    health.register('models', async () => this.assertServing(), { critical: false });
  }

  onApplicationBootstrap(): void {
    this.again(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.looking;
    await Promise.all(this.all().map(({ lane }) => this.dispatcher.close(lane)));
    await this.runner.close();
  }

  all(): readonly ServingModel[] {
    return [...this.serving.values()];
  }

  get(name: string): ServingModel | null {
    return this.serving.get(name) ?? null;
  }

  /** The card of the model that serves, or of the newest that could not be loaded; null when there is none. */
  cardOf(name: string): ModelCard | null {
    return this.serving.get(name)?.card ?? this.cards.get(name) ?? null;
  }

  /** Why the newest version of a model does not serve; null when it does. */
  faultOf(name: string): ModelFault | null {
    for (const [key, { fault }] of this.refused) if (key.startsWith(`${name}/`)) return fault;
    return null;
  }

  /** Every model that was found serves in its newest version. */
  get isReady(): boolean {
    const isWhole = this.looked && this.sourceFault === null && this.refused.size === 0 && this.serving.size > 0;
    return isWhole && this.all().every(({ lane }) => lane.model.isAlive);
  }

  /** Looks once; the old models serve meanwhile. Never rejects. */
  look(): Promise<void> {
    this.looking = this.looking.then(() => this.lookNow());
    return this.looking;
  }

  private again(afterMs: number): void {
    if (this.ended) return;
    this.timer = setTimeout(() => void this.look().then(() => this.again(this.settings.pollMs)), afterMs);
  }

  private async lookNow(): Promise<void> {
    // Every load would give up one more thread.
    if (this.runner.fault !== null) return;
    let found: readonly FoundModel[];
    try {
      found = await this.source.list();
      this.sourceFault = null;
    } catch (error) {
      if (this.sourceFault === null)
        this.log.error({ error }, 'the folder of models can not be read; what serves goes on');
      this.sourceFault = error instanceof Error ? error.message : String(error);
      this.looked = true;
      return;
    }
    const stamps = new Map(found.map((one) => [keyOf(one), one.stamp]));
    for (const [key, { stamp }] of this.refused) if (stamps.get(key) !== stamp) this.refused.delete(key);
    for (const name of new Set(found.map((one) => one.name))) {
      const versions = found
        .filter((one) => one.name === name)
        .sort((left, right) => newestFirst(left.version, right.version));
      await this.serveNewest(versions);
    }
    this.looked = true;
  }

  /** Tries them from the newest on, until one serves. */
  private async serveNewest(versions: readonly FoundModel[]): Promise<void> {
    for (const found of versions) {
      if (this.ended) return;
      const current = this.serving.get(found.name);
      const same = current?.card.version === found.version && current.stamp === found.stamp;
      if (same && current.lane.model.isAlive) return;
      if (this.refused.get(keyOf(found))?.stamp === found.stamp) continue;
      if (await this.takeOver(found, current)) return;
    }
  }

  private async takeOver(found: FoundModel, current: ServingModel | undefined): Promise<boolean> {
    const { name, version, stamp } = found;
    const read = await this.source.read(found);
    if (read.card !== null) this.cards.set(name, newerCard(this.cards.get(name), read.card));
    const fault = read.ok ? featureFault(read.card) : read.fault;
    if (!read.ok || fault !== null) return this.refuse(found, fault);
    const loaded = await this.runner.load(read.card, read.bytes);
    if (!loaded.ok) return this.refuse(found, loaded.fault);
    const lane = this.dispatcher.open(name, loaded.model);
    this.serving.set(name, { card: read.card, stamp, lane });
    this.metrics.loaded(name, 'ok');
    const { provider, skipped } = loaded.model;
    this.log.info({ model: name, version, provider, skipped, before: current?.card.version ?? null }, 'a model serves');
    if (current) await this.dispatcher.close(current.lane);
    return true;
  }

  private refuse(found: FoundModel, fault: ModelFault | null): false {
    if (fault === null) return false;
    const { name, version, stamp } = found;
    this.refused.set(keyOf(found), { stamp, fault });
    this.metrics.loaded(name, fault.code);
    this.log.error({ model: name, version, ...fault }, 'a model is refused');
    return false;
  }

  private assertServing(): void {
    if (this.sourceFault !== null) throw new Error(`the folder of models can not be read: ${this.sourceFault}`);
    const [refused] = this.refused;
    if (refused) throw new Error(`${refused[0]}: ${refused[1].fault.code}: ${refused[1].fault.text}`);
    const [away] = this.all().filter(({ lane }) => !lane.model.isAlive);
    if (away) throw new Error(`${away.card.name}: INFERENCE_STUCK: what it runs on is being replaced`);
    if (this.looked && this.serving.size === 0) throw new Error('there is no model in MODELS_DIR');
  }
}

const newerCard = (known: ModelCard | undefined, card: ModelCard): ModelCard =>
  known !== undefined && newestFirst(known.version, card.version) < 0 ? known : card;

const keyOf = ({ name, version }: FoundModel): string => `${name}/${version}`;
