import { Injectable } from '@nestjs/common';
import { Metrics } from '@scalpstorm/observability';

const batchBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 1_024];
const microsInSecond = 1e6;

/** What an operator sees of the service. Models are few, and their names stand in a closed folder. */
@Injectable()
export class InferenceMetrics {
  private readonly requests;
  private readonly seconds;
  private readonly queueSeconds;
  private readonly computeSeconds;
  private readonly batchRows;
  private readonly baselines;
  private readonly loads;
  private readonly predictions;

  constructor(private readonly metrics: Metrics) {
    const labels = ['model'] as const;
    this.requests = metrics.counter({
      name: 'inference_requests_total',
      help: 'Requests by outcome: ok, or the code of the refusal. DEADLINE_EXPIRED are the expired ones.',
      labels: ['model', 'outcome'],
    });
    this.seconds = metrics.histogram({ name: 'inference_request_seconds', help: 'From arrival to answer.', labels });
    this.queueSeconds = metrics.histogram({
      name: 'inference_queue_seconds',
      help: 'From arrival to its run.',
      labels,
    });
    this.computeSeconds = metrics.histogram({ name: 'inference_compute_seconds', help: 'One run of a batch.', labels });
    this.batchRows = metrics.histogram({
      name: 'inference_batch_rows',
      help: 'Rows of a run.',
      labels,
      buckets: batchBuckets,
    });
    this.baselines = metrics.counter({
      name: 'inference_baselines_total',
      help: 'Answers of the baseline in the place of a model, by the code of what the model lacked.',
      labels: ['model', 'reason'],
    });
    this.loads = metrics.counter({
      name: 'inference_model_loads_total',
      help: 'Models that were found, by outcome: ok, or the code of the fault.',
      labels: ['model', 'outcome'],
    });
    this.predictions = metrics.counter({
      name: 'inference_predictions_total',
      help: 'Predictions that were told.',
      labels,
    });
  }

  /** @param took microseconds */
  answered(model: string, outcome: string, took: number): void {
    this.requests.inc({ model, outcome });
    this.seconds.observe({ model }, took / microsInSecond);
  }

  baseline(model: string, reason: string): void {
    this.baselines.inc({ model, reason });
  }

  queued(model: string, micros: number): void {
    this.queueSeconds.observe({ model }, micros / microsInSecond);
  }

  ran(model: string, rows: number, micros: number): void {
    this.batchRows.observe({ model }, rows);
    this.computeSeconds.observe({ model }, micros / microsInSecond);
  }

  loaded(model: string, outcome: string): void {
    this.loads.inc({ model, outcome });
  }

  predicted(model: string): void {
    this.predictions.inc({ model });
  }

  queueRows(waiting: () => readonly { model: string; rows: number }[]): void {
    this.metrics.gauge({
      name: 'inference_queue_rows',
      help: 'Rows that wait.',
      labels: ['model'],
      collect: (gauge) => {
        gauge.reset();
        for (const { model, rows } of waiting()) gauge.set({ model }, rows);
      },
    });
  }

  serving(models: () => readonly { model: string; version: string; provider: string }[]): void {
    this.metrics.gauge({
      name: 'inference_model_serving',
      help: '1 for each model that serves, with its version and what it runs on.',
      labels: ['model', 'version', 'provider'],
      collect: (gauge) => {
        gauge.reset();
        for (const labels of models()) gauge.set(labels, 1);
      },
    });
  }
}
