import { Injectable } from '@nestjs/common';
import type { Refusal } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import { WallClock } from '@scalpstorm/observability';
import type { ModelCard } from '../domain/model-card.js';
import { isRefusal, rowsOf } from '../domain/tensor-checks.js';
import { InferenceMetrics } from '../inference-metrics.js';
import { BatchSettings } from './dispatcher.js';
import type { InferRequest } from './infer.js';
import { Models } from './models.js';

export interface BaselineAnswer {
  readonly card: ModelCard;
  /** The code of what the model lacked. */
  readonly reason: string;
  readonly output: { readonly name: string; readonly shape: readonly number[]; readonly data: readonly number[] };
  /** Microseconds. */
  readonly took: number;
}

/** A model that is late or missing; a request that is wrong is wrong for a baseline too. */
const mends: ReadonlySet<string> = new Set(['DEADLINE_EXPIRED', 'QUEUE_FULL', 'INFERENCE_FAILED', 'MODEL_UNAVAILABLE']);

/**
 * What is known without the model: how often each column was true out of sample. It is calibrated, knows nothing of the moment,
 * computes nothing, and is only given to those who asked for it; predictions for bots are never made of it.
 */
@Injectable()
export class Baseline {
  constructor(
    private readonly models: Models,
    private readonly batch: BatchSettings,
    private readonly clock: WallClock,
    private readonly metrics: InferenceMetrics,
  ) {}

  /** Null: there is none for this request. */
  answer({ model, version, inputs }: InferRequest, { code }: Refusal, arrivedAt: Timestamp): BaselineAnswer | null {
    const card = this.models.cardOf(model);
    if (card === null || card.baseRates === null || !mends.has(code)) return null;
    if (version !== null && version !== card.version) return null;
    const rows = rowsOf(inputs, card, this.batch.batchMax);
    if (isRefusal(rows)) return null;
    const { baseRates } = card;
    this.metrics.baseline(model, code);
    const data = Array.from({ length: rows.count }, () => baseRates).flat();
    const output = { name: card.output, shape: [rows.count, baseRates.length], data };
    return { card, reason: code, output, took: this.clock.now() - arrivedAt };
  }
}
