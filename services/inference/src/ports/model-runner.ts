import type { ModelCard, ModelFault } from '../domain/model-card.js';
import type { ProviderName, SkippedProvider } from '../domain/providers.js';

/** A model that is ready to compute. */
export interface LoadedModel {
  readonly provider: ProviderName;
  /** Asked for before it, and why they were not taken. */
  readonly skipped: readonly SkippedProvider[];
  /** False: a thread that it ran on has died, and it must be loaded again. */
  readonly isAlive: boolean;
  /** @param data rows × features @returns rows × outputs. @throws when the runtime fails */
  run(data: Float32Array, rows: number): Promise<Float32Array>;
  /** A run of it does not end: what it runs on is given up, and with it every model there; it is not alive from now on. */
  abandon(reason: string): void;
  close(): Promise<void>;
}

/** Loads models and runs them beside the event loop. */
export abstract class ModelRunner {
  /** So many runs at the same time; more would only wait. */
  abstract readonly concurrency: number;
  /** Why nothing more can be loaded in this process; null: it can. */
  abstract readonly fault: string | null;
  /** Loaded on every thread, and warm. Bounded in time. */
  abstract load(
    card: ModelCard,
    bytes: Uint8Array,
  ): Promise<{ ok: true; model: LoadedModel } | { ok: false; fault: ModelFault }>;
  abstract close(): Promise<void>;
}
