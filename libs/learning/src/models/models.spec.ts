import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import { emptyNetwork, type Network, scoresOf, sigmoid } from './network.js';
import { fitPlatt } from './platt.js';
import { addGradient, type Examples, trainNetwork } from './train-network.js';

const rng = seededRng(11);
const inputs = 5;

/** The outcome of the first output follows the first feature, that of the second the product of two. */
function examplesOf(rows: number): Examples {
  const features = Float32Array.from({ length: rows * inputs }, () => rng.gaussian());
  const of = (score: (row: Float32Array) => number) =>
    Uint8Array.from({ length: rows }, (_, row) =>
      rng.next() < sigmoid(score(features.subarray(row * inputs, (row + 1) * inputs))) ? 1 : 0,
    );
  const targets = [of(([first = 0]) => 2 * first + 0.5), of(([, second = 0, third = 0]) => 4 * second * third)];
  return { rows, inputs, features, targets };
}

const lossOf = (network: Network, { rows, features, targets }: Examples): number => {
  let loss = 0;
  for (let row = 0; row < rows; row += 1) {
    const scores = scoresOf(network, features.subarray(row * inputs, (row + 1) * inputs));
    for (const [output, score] of scores.entries()) {
      const told = sigmoid(score);
      loss -= Math.log(targets[output]?.[row] === 1 ? told : 1 - told);
    }
  }
  return loss;
};

describe('training', () => {
  it.each([0, 4])('goes down the true slope with %i hidden units', (hidden) => {
    const examples = examplesOf(20);
    const network = emptyNetwork({ inputs, hidden, outputs: 2 }, seededRng(3));
    const parts = [network.hiddenWeights, network.hiddenBiases, network.weights, network.biases];
    const gradients = parts.map((part) => new Float64Array(part.length));
    for (let row = 0; row < examples.rows; row += 1) addGradient(network, examples, row, gradients);
    const step = 1e-5;
    for (const [part, parameters] of parts.entries()) {
      for (let index = 0; index < parameters.length; index += 1) {
        const before = parameters[index] ?? 0;
        parameters[index] = before + step;
        const above = lossOf(network, examples);
        parameters[index] = before - step;
        const below = lossOf(network, examples);
        parameters[index] = before;
        expect(gradients[part]?.[index]).toBeCloseTo((above - below) / (2 * step), 4);
      }
    }
  });

  it('finds what can be found, and gives the same network for the same seed', () => {
    const examples = examplesOf(2_000);
    const settings = { passes: 30, batch: 64, rate: 0.02, ridge: 0.0001 };
    const linear = trainNetwork(examples, { ...settings, hidden: 0 }, seededRng(1));
    expect(linear).toEqual(trainNetwork(examples, { ...settings, hidden: 0 }, seededRng(1)));
    expect((linear.weights[0] ?? 0) / (linear.scale[0] ?? 1)).toBeCloseTo(2, 0);
    const curved = trainNetwork(examples, { ...settings, hidden: 8 }, seededRng(1));
    expect(curved).not.toEqual(trainNetwork(examples, { ...settings, hidden: 8 }, seededRng(2)));
    // A product of two features is beyond a straight line.
    expect(lossOf(curved, examples)).toBeLessThan(lossOf(linear, examples) * 0.85);
  });
});

describe('the calibration', () => {
  it('finds the line through which scores become probabilities', () => {
    const scores = Float64Array.from({ length: 20_000 }, () => 2 * rng.gaussian());
    const won = Uint8Array.from(scores, (score) => (rng.next() < sigmoid(0.5 * score - 1) ? 1 : 0));
    const { slope, offset } = fitPlatt(scores, won);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(offset).toBeCloseTo(-1, 1);
  });

  it('stays finite where the scores tell everything, or nothing', () => {
    for (const [scores, won] of [
      [
        [-2, -1, 1, 2],
        [0, 0, 1, 1],
      ],
      [
        [1, 1, 1, 1],
        [0, 1, 0, 1],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ] as const) {
      const { slope, offset } = fitPlatt(Float64Array.from(scores), Uint8Array.from(won));
      expect([slope, offset].every(Number.isFinite)).toBe(true);
    }
  });
});
