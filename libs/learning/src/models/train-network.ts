import type { Rng } from '@scalpstorm/kernel';
import { Adam } from './adam.js';
import { emptyNetwork, type Network, scoresOf, sigmoid, standardised } from './network.js';

export interface TrainSettings {
  readonly hidden: number;
  readonly passes: number;
  readonly batch: number;
  readonly rate: number;
  /** Weight of the squares of the weights. */
  readonly ridge: number;
}

/** Rows of features and, for each row, one 0 or 1 an output. */
export interface Examples {
  readonly rows: number;
  readonly inputs: number;
  readonly features: Float32Array;
  readonly targets: readonly Uint8Array[];
}

const scaleMin = 1e-6;

/** Minimises the mean log-loss of all outputs. The same examples, settings and seed give the same network, bit by bit. */
export function trainNetwork(examples: Examples, settings: TrainSettings, rng: Rng): Network {
  const shape = { inputs: examples.inputs, hidden: settings.hidden, outputs: examples.targets.length };
  const network = { ...emptyNetwork(shape, rng), ...momentsOf(examples) };
  const parts = [network.hiddenWeights, network.hiddenBiases, network.weights, network.biases];
  const gradients = parts.map((part) => new Float64Array(part.length));
  const steps = parts.map((part) => new Adam(part, settings.rate));
  const order = Uint32Array.from({ length: examples.rows }, (_, index) => index);
  for (let pass = 0; pass < settings.passes; pass += 1) {
    shuffle(order, rng);
    for (let from = 0; from < examples.rows; from += settings.batch) {
      const rows = order.subarray(from, from + settings.batch);
      for (const gradient of gradients) gradient.fill(0);
      for (const row of rows) addGradient(network, examples, row, gradients);
      for (const [index, step] of steps.entries()) {
        const gradient = gradients[index];
        // Biases are not drawn to nothing.
        const ridge = index % 2 === 0 ? settings.ridge : 0;
        if (gradient) step.step(gradient, { scale: 1 / rows.length, ridge, pass, of: settings.passes });
      }
    }
  }
  return network;
}

/** d log-loss ÷ d score = probability − target; from there backwards by the chain rule. */
export function addGradient(
  network: Network,
  examples: Examples,
  row: number,
  gradients: readonly Float64Array[],
): void {
  const { inputs, features, targets } = examples;
  const { hidden, weights, outputs } = network;
  const [hiddenWeights, hiddenBiases, lastWeights, biases] = gradients;
  if (!hiddenWeights || !hiddenBiases || !lastWeights || !biases) return;
  const raw = features.subarray(row * inputs, (row + 1) * inputs);
  const activations = new Float64Array(hidden);
  const scores = scoresOf(network, raw, activations);
  const input = standardised(network, raw);
  const last = hidden === 0 ? input : activations;
  const errors = scores.map((score, output) => sigmoid(score) - (targets[output]?.[row] ?? 0));
  for (let output = 0; output < outputs; output += 1) {
    const error = errors[output] ?? 0;
    biases[output] = (biases[output] ?? 0) + error;
    for (let unit = 0; unit < last.length; unit += 1) {
      lastWeights[unit * outputs + output] = (lastWeights[unit * outputs + output] ?? 0) + error * (last[unit] ?? 0);
    }
  }
  for (let unit = 0; unit < hidden; unit += 1) {
    let back = 0;
    for (let output = 0; output < outputs; output += 1)
      back += (errors[output] ?? 0) * (weights[unit * outputs + output] ?? 0);
    const error = back * (1 - (activations[unit] ?? 0) ** 2);
    hiddenBiases[unit] = (hiddenBiases[unit] ?? 0) + error;
    for (let index = 0; index < inputs; index += 1) {
      hiddenWeights[index * hidden + unit] = (hiddenWeights[index * hidden + unit] ?? 0) + error * (input[index] ?? 0);
    }
  }
}

function momentsOf({ rows, inputs, features }: Examples): { mean: Float64Array; scale: Float64Array } {
  const mean = new Float64Array(inputs);
  const squares = new Float64Array(inputs);
  for (let index = 0; index < features.length; index += 1) {
    const column = index % inputs;
    const value = features[index] ?? 0;
    mean[column] = (mean[column] ?? 0) + value / rows;
    squares[column] = (squares[column] ?? 0) + value ** 2 / rows;
  }
  const scale = squares.map((square, column) =>
    Math.max(scaleMin, Math.sqrt(Math.max(0, square - (mean[column] ?? 0) ** 2))),
  );
  // What the exported model computes with is a 32-bit number; both compute with the same one.
  return { mean: mean.map(Math.fround), scale: scale.map(Math.fround) };
}

function shuffle(order: Uint32Array, rng: Rng): void {
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = rng.below(index + 1);
    const kept = order[index] ?? 0;
    order[index] = order[other] ?? 0;
    order[other] = kept;
  }
}
