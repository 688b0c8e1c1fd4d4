import type { ModelCard, ModelFault } from '../domain/model-card.js';
import type { ProviderName } from '../domain/providers.js';
import { type LoadedModel, ModelRunner } from '../ports/model-runner.js';
import { OnnxThread } from './onnx-thread.js';

/** ONNX Runtime on threads of their own; sessions can not be shared, so each thread loads each model. */
export class OnnxModelRunner extends ModelRunner {
  private threads: readonly OnnxThread[];
  private readonly busy = new Set<OnnxThread>();
  private loads = 0;

  constructor(
    readonly concurrency: number,
    private readonly providers: readonly ProviderName[],
  ) {
    super();
    this.threads = Array.from({ length: concurrency }, () => new OnnxThread());
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
    const loaded = await Promise.all(threads.map((thread) => thread.ask(wanted))).catch((error: Error) => error);
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
        get isAlive() {
          return isAlive();
        },
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }

  /** Whoever calls keeps to `concurrency`; should all be busy, the first one queues. */
  private async run({ threads, key }: Place, data: Float32Array, rows: number): Promise<Float32Array> {
    const thread = threads.find((one) => one.isAlive && !this.busy.has(one)) ?? threads.find(({ isAlive }) => isAlive);
    if (thread === undefined) throw new Error('no thread that computes is left');
    this.busy.add(thread);
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
