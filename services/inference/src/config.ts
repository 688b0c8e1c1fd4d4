import { fileURLToPath } from 'node:url';
import { choice, commonEnv, durationMs, natsEnv, publicEnv, setting, text, wholeNumber } from '@scalpstorm/config';
import { z } from 'zod';
import { providerNames } from './domain/providers.js';

/** The models of the repository. */
const ownModels = fileURLToPath(new URL('../models', import.meta.url));

const isProviders = (list: string): boolean =>
  list.split(',').every((name) => providerNames.some((known) => known === name));

export const inferenceEnv = z.object({
  ...commonEnv,
  ...publicEnv,
  ...natsEnv,
  /** NAME/VERSION/model.json and model.onnx; the highest version of each name serves. */
  MODELS_DIR: text({ expected: 'a folder of models', example: '/var/lib/scalpstorm/models', lengthMax: 4_000 }).default(
    ownModels,
  ),
  /** `no`: answers questions only. Of several on one bus one follows the market, so that each prediction is made and told once. */
  INFERENCE_PREDICTS: choice(['yes', 'no']).default('yes'),
  /** How often the folder is looked at. */
  MODELS_POLL: durationMs({ minMs: 50, maxMs: 600_000, example: '2s' }).default(2_000),
  /**
   * Tried in this order for each model; the first that works is taken. Small models are quickest on cpu. `webgpu` is not tried
   * unless it is named: where there is no Vulkan it complains on stderr before the next one takes over.
   */
  INFERENCE_PROVIDERS: setting(z.string().refine(isProviders), {
    expected: `some of ${providerNames.join(', ')}, separated by commas`,
    example: 'cuda,webgpu,cpu',
  }).default('cuda,cpu'),
  /** Threads that compute, each one batch at a time. */
  INFERENCE_WORKERS: wholeNumber({ min: 1, max: 16, example: 1 }).default(1),
  /** Rows of one run. */
  INFERENCE_BATCH_MAX: wholeNumber({ min: 1, max: 4_096, example: 64 }).default(64),
  /** How long a request may wait for others to share its run; 0: for those that came with it. */
  INFERENCE_BATCH_WAIT_MS: wholeNumber({ min: 0, max: 1_000, example: 2 }).default(0),
  /** Rows that may wait for one model; more are refused. */
  INFERENCE_QUEUE_MAX: wholeNumber({ min: 1, max: 100_000, example: 1_024 }).default(1_024),
  /** A run that takes longer is stuck: its thread is given up, and its models are loaded on another. */
  INFERENCE_RUN_MAX: durationMs({ minMs: 100, maxMs: 600_000, example: '10s' }).default(10_000),
  /** Of a request that names no deadline of its own. */
  INFERENCE_DEADLINE: durationMs({ minMs: 1, maxMs: 60_000, example: '1s' }).default(1_000),
});
export type InferenceEnv = z.infer<typeof inferenceEnv>;
