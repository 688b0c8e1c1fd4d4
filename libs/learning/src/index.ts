export { buildDataset, type Dataset, type MarketEvent, type Outcomes, samplesOf, splitByTime } from './dataset.js';
export {
  featureNames,
  featureSetId,
  featureSetVersion,
  quoteAgeMax,
  sampleEvery,
  windowSamples,
} from './features/feature-set.js';
export { FeatureStream, type Sample } from './features/feature-stream.js';
export {
  type Acting,
  type ActingRows,
  actingOf,
  aucOf,
  brierOf,
  type Figures,
  figuresOf,
  logLossOf,
} from './figures.js';
export {
  type BarrierSpec,
  type QuoteSeries,
  type Touch,
  type Touches,
  touchBarriers,
} from './labels/triple-barrier.js';
export { type Network, scoresOf, sigmoid } from './models/network.js';
export { fitPlatt, type Platt } from './models/platt.js';
export { type Examples, type TrainSettings, trainNetwork } from './models/train-network.js';
export { inputName, networkToOnnx, outputName } from './onnx/network-onnx.js';
export {
  type Edge,
  expectedGainBps,
  isFault,
  type Judged,
  type Payoff,
  rowsMin,
  type Trained,
  type TrainingFault,
  type TrainingWish,
  train,
} from './training.js';
