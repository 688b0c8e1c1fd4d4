import type { ModelCard, ModelFault } from '../domain/model-card.js';
import type { ProviderName } from '../domain/providers.js';
import { type LoadedModel, ModelRunner } from '../ports/model-runner.js';
import { OnnxThread } from './onnx-thread.js';

/** The largest models take seconds. */
const loadMsMax = 120_000;
/** Threads that were given up and compute on; each takes a processor of the machine. */
const abandonedMax = 3;

/** ONNX Runtime on threads of their own; sessions can not be shared, so each thread loads each model. */
export class OnnxModelRunner extends ModelRunner {
  private threads: readonly OnnxThread[];
  /** With the model whose run it is. */
  private readonly busy = new Map<OnnxThread, string>();
  private abandoned: OnnxThread[] = [];
  private loads = 0;

  constructor(
    readonly concurrency: number,
    private readonly providers: readonly ProviderName[],
  ) {
    super();
    this.threads = Array.from({ length: concurrency }, () => new OnnxThread());
  }

  get fault(): string | null {
    this.abandoned = this.abandoned.filter(({ hasExited }) => !hasExited);
    const { length } = this.abandoned;
    return length < abandonedMax
      ? null
      : `INFERENCE_STUCK: ${length} threads compute without an end; start the service again`;
  }

  async load(
    card: ModelCard,
    bytes: Uint8Array,
  ): Promise<{ ok: true; model: LoadedModel } | { ok: false; fault: ModelFault }> {
    this.loads += 1;
    const key = `${card.name}/${card.version}#${this.loads}`;
    const { input, output } = card;
    const wanted = {
      kind: 'load' as const,
      key,
      bytes,
      providers: this.providers,
      input,
      output,
      width: card.features.length,
    };
    // In the place of one that died comes another; models that were on it are loaded again.
    this.threads = this.threads.map((thread) => (thread.isAlive ? thread : new OnnxThread()));
    const { threads } = this;
    const loaded = await this.loadedOn(threads, wanted).catch((error: Error) => error);
    if (loaded instanceof Error) return { ok: false, fault: notLoadable(loaded) };
    const [first] = loaded;
    if (first?.kind !== 'loaded') return { ok: false, fault: notLoadable(new Error('no thread has loaded it')) };
    if (first.columns !== card.outputs.length) return { ok: false, fault: otherShape(card, first.columns) };
    const { provider, skipped } = first;
    const run = (data: Float32Array, rows: number) => this.run({ threads, key }, data, rows);
    const close = async (): Promise<void> => {
      await Promise.all(threads.filter(({ isAlive }) => isAlive).map((thread) => thread.ask({ kind: 'unload', key })));
    };
    const isAlive = (): boolean => threads.every((thread) => thread.isAlive);
    return {
      ok: true,
      model: {
        provider,
        skipped,
        run,
        close,
        abandon: (reason) =>
          this.abandon(
            threads.filter((thread) => this.busy.get(thread) === key),
            reason,
          ),
        get isAlive() {
          return isAlive();
        },
      },
    };
  }

  private async loadedOn(threads: readonly OnnxThread[], wanted: Parameters<OnnxThread['ask']>[0]) {
    const late = `it was not loaded within ${loadMsMax / 1_000} s`;
    const timer = setTimeout(() => this.abandon(threads, late), loadMsMax);
    try {
      return await Promise.all(threads.map((thread) => thread.ask(wanted)));
    } finally {
      clearTimeout(timer);
    }
  }

  private abandon(threads: readonly OnnxThread[], reason: string): void {
    for (const thread of threads.filter(({ isAlive }) => isAlive)) {
      thread.abandon(reason);
      this.abandoned.push(thread);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }

  /** Whoever calls keeps to `concurrency`; should all be busy, the first one queues. */
  private async run({ threads, key }: Place, data: Float32Array, rows: number): Promise<Float32Array> {
    const thread = threads.find((one) => one.isAlive && !this.busy.has(one)) ?? threads.find(({ isAlive }) => isAlive);
    if (thread === undefined) throw new Error('no thread that computes is left');
    this.busy.set(thread, key);
    try {
      const reply = await thread.ask({ kind: 'run', key, data, rows }, [data.buffer as ArrayBuffer]);
      if (reply.kind !== 'ran') throw new Error(`a run was answered by ${reply.kind}`);
      return reply.data;
    } finally {
      this.busy.delete(thread);
    }
  }
}

interface Place {
  readonly threads: readonly OnnxThread[];
  readonly key: string;
}

const notLoadable = (error: Error): ModelFault => ({
  code: 'MODEL_NOT_LOADABLE',
  text: error.message,
  next: 'Look at INFERENCE_PROVIDERS (cpu works everywhere), or export the model again.',
});

const otherShape = ({ outputs }: ModelCard, columns: number): ModelFault => ({
  code: 'MODEL_SHAPE_DIFFERS',
  text: `it answers one row with ${columns} values, its card names ${outputs.join(', ')}`,
  next: 'Export the model and its card together: npm run train.',
});
