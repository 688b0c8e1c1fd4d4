import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { BusModule } from '@scalpstorm/bus';
import { Environment, loadConfig } from '@scalpstorm/config';
import { millisecond } from '@scalpstorm/kernel';
import { DirectoryModelSource } from './adapters/directory-model-source.js';
import { OnnxModelRunner } from './adapters/onnx-model-runner.js';
import { type InferenceEnv, inferenceEnv } from './config.js';
import type { ProviderName } from './domain/providers.js';
import { Baseline } from './handlers/baseline.js';
import { BatchSettings, Dispatcher } from './handlers/dispatcher.js';
import { Infer, InferSettings } from './handlers/infer.js';
import { InferenceQuestionHandler } from './handlers/inference-question.handler.js';
import { MarketHandler, MarketSettings } from './handlers/market.handler.js';
import { ModelSettings, Models } from './handlers/models.js';
import { OpenInferenceController } from './handlers/open-inference.controller.js';
import { OpenInferenceFilter } from './handlers/open-inference.filter.js';
import { Predict } from './handlers/predict.js';
import { InferenceMetrics } from './inference-metrics.js';
import { ModelRunner } from './ports/model-runner.js';
import { ModelSource } from './ports/model-source.js';

/** A setting that is made of the environment. */
const made = <Value>(make: (config: InferenceEnv) => Value) => ({
  useFactory: ({ variables }: Environment): Value => make(loadConfig(inferenceEnv, variables)),
  inject: [Environment],
});

@Module({
  imports: [BusModule.forRoot({ speaker: 'inference' })],
  controllers: [MarketHandler, InferenceQuestionHandler, OpenInferenceController],
  providers: [
    Models,
    Dispatcher,
    Infer,
    Baseline,
    Predict,
    InferenceMetrics,
    { provide: APP_FILTER, useClass: OpenInferenceFilter },
    { provide: ModelSettings, ...made((config): ModelSettings => ({ pollMs: config.MODELS_POLL })) },
    {
      provide: MarketSettings,
      ...made((config): MarketSettings => ({ predicts: config.INFERENCE_PREDICTS === 'yes' })),
    },
    {
      provide: InferSettings,
      ...made((config): InferSettings => ({ deadline: config.INFERENCE_DEADLINE * millisecond })),
    },
    {
      provide: BatchSettings,
      ...made(
        (config): BatchSettings => ({
          batchMax: config.INFERENCE_BATCH_MAX,
          batchWaitMs: config.INFERENCE_BATCH_WAIT_MS,
          queueMax: config.INFERENCE_QUEUE_MAX,
          runMsMax: config.INFERENCE_RUN_MAX,
        }),
      ),
    },
    { provide: ModelSource, ...made((config) => new DirectoryModelSource(config.MODELS_DIR)) },
    {
      provide: ModelRunner,
      ...made(
        (config) =>
          new OnnxModelRunner(config.INFERENCE_WORKERS, config.INFERENCE_PROVIDERS.split(',') as ProviderName[]),
      ),
    },
  ],
})
export class InferenceModule {}
