import { Injectable } from '@nestjs/common';
import type { InferenceAnswer, InferenceModel, InferenceRequest, Refusal } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { WallClock } from '@scalpstorm/observability';
import { isRefusal, refused, rowsOf } from '../domain/tensor-checks.js';
import { InferenceMetrics } from '../inference-metrics.js';
import type { RunOutcome } from './batch-queue.js';
import { BatchSettings, Dispatcher } from './dispatcher.js';
import { Models, type ServingModel } from './models.js';

export type InferRequest = Extract<InferenceRequest, { kind: 'infer' }>;

export abstract class InferSettings {
  /** Of requests that name none, in microseconds; also the latest that one may name. */
  abstract readonly deadline: number;
}

/** The one use case behind both doors. */
@Injectable()
export class Infer {
  constructor(
    private readonly models: Models,
    private readonly dispatcher: Dispatcher,
    private readonly batch: BatchSettings,
    private readonly settings: InferSettings,
    private readonly clock: WallClock,
    private readonly metrics: InferenceMetrics,
  ) {}

  async infer(request: InferRequest): Promise<InferenceAnswer> {
    const arrivedAt = this.clock.now();
    const answer = await this.answer(request, arrivedAt);
    this.count(request.model, answer.ok ? 'ok' : (answer.refusals[0]?.code ?? 'REFUSED'), arrivedAt);
    return answer;
  }

  /** A name that nobody serves is not a label: anybody can invent as many as he likes. */
  count(name: string, outcome: string, arrivedAt: Timestamp): void {
    const model = this.models.get(name) === null ? 'unknown' : name;
    this.metrics.answered(model, outcome, this.clock.now() - arrivedAt);
  }

  describe(): readonly InferenceModel[] {
    return this.models.all().map(({ card, lane }) => ({
      model: card.name,
      version: card.version,
      provider: lane.model.provider,
      sha256: card.sha256,
      edge: card.edge.found,
      edgeText: card.note === '' ? card.edge.text : `${card.edge.text} ${card.note}`,
    }));
  }

  private async answer(request: InferRequest, arrivedAt: Timestamp): Promise<InferenceAnswer> {
    const serving = this.find(request);
    if ('code' in serving) return no(serving);
    const { card, lane } = serving;
    const rows = rowsOf(request.inputs, card, this.batch.batchMax);
    if (isRefusal(rows)) return no(rows);
    const latest = Timestamp.plus(arrivedAt, this.settings.deadline);
    const deadline = request.deadline === null || request.deadline > latest ? latest : request.deadline;
    const outcome = await this.dispatcher.submit(lane, rows, deadline);
    // A newer version took over while it waited: that one answers.
    if (outcome.kind === 'closed' && request.version === null && this.models.get(card.name)?.lane !== lane)
      return this.answer(request, arrivedAt);
    if (outcome.kind !== 'ran') return no(refusalOf(outcome));
    const shape = [rows.count, card.outputs.length];
    const outputs = [{ name: card.output, shape, data: [...outcome.data] }];
    const { provider } = lane.model;
    const took = this.clock.now() - arrivedAt;
    const value = { kind: 'inferred' as const, requestId: request.requestId, model: card.name, version: card.version };
    return { ok: true, value: { ...value, provider, outputs, took } };
  }

  private find({ model, version }: InferRequest): ServingModel | Refusal {
    const serving = this.models.get(model);
    const fault = serving === null ? this.models.faultOf(model) : null;
    if (fault !== null) return refused('MODEL_UNAVAILABLE', '/model', `${fault.code}: ${fault.text}`, '', fault.next);
    if (serving === null) {
      const names =
        this.models
          .all()
          .map(({ card }) => card.name)
          .join(', ') || 'none';
      return refused('MODEL_NOT_FOUND', '/model', `no model "${model}" serves`, names, 'Choose one that serves.');
    }
    if (version === null || version === serving.card.version) return serving;
    const text = `version ${version} of ${model} does not serve`;
    return refused(
      'MODEL_VERSION_NOT_FOUND',
      '/version',
      text,
      serving.card.version,
      'Leave the version out, or use the one that serves.',
    );
  }
}

const no = (refusal: Refusal): InferenceAnswer => ({ ok: false, refusals: [refusal] });

function refusalOf(outcome: Exclude<RunOutcome, { kind: 'ran' }>): Refusal {
  switch (outcome.kind) {
    case 'expired': {
      const text = outcome.begun
        ? 'the answer was not ready at the deadline'
        : 'the deadline passed before it was computed; it was not computed';
      return refused('DEADLINE_EXPIRED', '/deadline', text, '', 'Ask again with fresh inputs, or allow more time.');
    }
    case 'full':
      return refused(
        'QUEUE_FULL',
        '',
        `${outcome.waiting} rows wait already`,
        '',
        'Ask again in a moment, or raise INFERENCE_QUEUE_MAX.',
      );
    case 'failed':
      return refused(
        'INFERENCE_FAILED',
        '',
        `the model failed: ${outcome.text}`,
        '',
        'Look into the log of the inference service.',
      );
    case 'away':
      return refused(
        'MODEL_UNAVAILABLE',
        '/model',
        `INFERENCE_STUCK: ${outcome.text}`,
        '',
        'Ask again in some seconds.',
      );
    case 'closed':
      return refused('MODEL_VERSION_NOT_FOUND', '/version', 'another version took over', '', 'Leave the version out.');
  }
}
