import type { ProviderName, SkippedProvider } from '../domain/providers.js';

/** What is said between the service and a thread that computes. */
export type WorkerRequest =
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly key: string;
      readonly bytes: Uint8Array;
      readonly providers: readonly ProviderName[];
      readonly input: string;
      readonly output: string;
      readonly width: number;
    }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly key: string;
      readonly data: Float32Array;
      readonly rows: number;
    }
  | { readonly kind: 'unload'; readonly id: number; readonly key: string }
  /** Answered by the end of the thread. */
  | { readonly kind: 'end'; readonly id: number };

export type WorkerReply =
  | {
      readonly kind: 'loaded';
      readonly id: number;
      readonly provider: ProviderName;
      readonly skipped: readonly SkippedProvider[];
      readonly columns: number;
    }
  | { readonly kind: 'ran'; readonly id: number; readonly data: Float32Array }
  | { readonly kind: 'unloaded'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly text: string };
