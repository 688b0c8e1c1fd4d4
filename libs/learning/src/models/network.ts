import type { Rng } from '@scalpstorm/kernel';

/**
 * features → standardised → hidden units (tanh) → one score for `up` and one for `down`. Without hidden units: two logistic
 * regressions. Weights are row-major: `inputs × hidden` and `hidden × outputs` (or `inputs × outputs`).
 */
export interface Network {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** Empty without hidden units. */
  readonly hiddenWeights: Float64Array;
  readonly hiddenBiases: Float64Array;
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/** Standardised features beyond so many deviations count as so many: one bad tick must not decide. */
export const clipAt = 6;

export function emptyNetwork(shape: Pick<Network, 'inputs' | 'hidden' | 'outputs'>, rng: Rng): Network {
  const { inputs, hidden, outputs } = shape;
  const last = hidden === 0 ? inputs : hidden;
  const random = (size: number, deviation: number) =>
    Float64Array.from({ length: size }, () => rng.gaussian() * deviation);
  return {
    ...shape,
    mean: new Float64Array(inputs),
    scale: new Float64Array(inputs).fill(1),
    hiddenWeights: random(inputs * hidden, 1 / Math.sqrt(inputs)),
    hiddenBiases: new Float64Array(hidden),
    weights: hidden === 0 ? new Float64Array(inputs * outputs) : random(last * outputs, 1 / Math.sqrt(last)),
    biases: new Float64Array(outputs),
  };
}

/** Scores (log-odds) of one row; `activations` takes the hidden units, for whoever needs them afterwards. */
export function scoresOf(
  network: Network,
  row: ArrayLike<number>,
  activations = new Float64Array(network.hidden),
): Float64Array {
  const { hidden, hiddenWeights, hiddenBiases, weights, biases } = network;
  const input = standardised(network, row);
  if (hidden === 0) return affine(input, weights, biases);
  activations.set(affine(input, hiddenWeights, hiddenBiases).map(Math.tanh));
  return affine(activations, weights, biases);
}

export function standardised({ mean, scale }: Network, row: ArrayLike<number>): Float64Array {
  return mean.map((middle, index) => clip(((row[index] ?? 0) - middle) / (scale[index] ?? 1)));
}

const clip = (value: number): number => Math.max(-clipAt, Math.min(clipAt, value));

/** input × weights + biases. */
function affine(input: Float64Array, weights: Float64Array, biases: Float64Array): Float64Array {
  const out = Float64Array.from(biases);
  const width = biases.length;
  for (let index = 0; index < input.length; index += 1) {
    const value = input[index] ?? 0;
    if (value === 0) continue;
    for (let unit = 0; unit < width; unit += 1) {
      out[unit] = (out[unit] ?? 0) + value * (weights[index * width + unit] ?? 0);
    }
  }
  return out;
}

export const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score));
