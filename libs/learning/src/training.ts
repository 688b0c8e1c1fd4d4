import { seededRng } from '@scalpstorm/kernel';
import { type Dataset, type Outcomes, type Range, splitByTime } from './dataset.js';
import { featureNames } from './features/feature-set.js';
import { type Acting, actingOf, type Figures, figuresOf, meanOf } from './figures.js';
import { type Network, scoresOf, sigmoid } from './models/network.js';
import { fitPlatt, type Platt } from './models/platt.js';
import { type TrainSettings, trainNetwork } from './models/train-network.js';

export interface TrainingWish {
  readonly network: TrainSettings;
  readonly seed: number;
  /** What the venue takes for entry and exit together, in basis points. */
  readonly feesBps: number;
}

/** What an entry brings that reaches its target, and what one that does not loses on average; before fees, on what was trained on. */
export interface Payoff {
  readonly winBps: number;
  readonly lossBps: number;
}

export interface Judged {
  readonly figures: Figures;
  readonly acting: Acting;
}

export interface Trained {
  readonly network: Network;
  /** One an output: up, down. */
  readonly calibration: readonly [Platt, Platt];
  readonly payoff: { readonly up: Payoff; readonly down: Payoff };
  readonly rows: { readonly train: number; readonly calibrate: number; readonly test: number };
  /** Of the rows that neither training nor calibration has seen, which are the newest. */
  readonly outOfSample: { readonly up: Judged; readonly down: Judged };
  readonly edge: Edge;
}

/** Whether purchases earned after fees, out of sample; spot bots buy first. */
export interface Edge {
  readonly found: boolean;
  readonly text: string;
}

/** Fewer rows in a part say nothing about anything. */
export const rowsMin = 200;
const tradesMin = 30;
const tMin = 2;

export type TrainingFault = { readonly code: 'TOO_FEW_ROWS' | 'ONE_CLASS'; readonly text: string };

/** Trains on the oldest rows, calibrates on the next and judges on the newest. The same data, wish and seed give the same result. */
export function train(dataset: Dataset, wish: TrainingWish): Trained | TrainingFault {
  const split = splitByTime(dataset);
  const fault = faultOf(dataset, split);
  if (fault !== null) return fault;
  const inputs = featureNames.length;
  const { from, to } = split.train;
  const examples = {
    rows: to - from,
    inputs,
    features: dataset.features.subarray(from * inputs, to * inputs),
    targets: [dataset.up.won.subarray(from, to), dataset.down.won.subarray(from, to)],
  };
  const network = rounded(trainNetwork(examples, wish.network, seededRng(wish.seed)));
  const scores = scoresByOutput(network, dataset, split.calibrate);
  const platt = (output: 0 | 1, { won }: Outcomes): Platt =>
    roundedPlatt(fitPlatt(scores[output], won.subarray(split.calibrate.from, split.calibrate.to)));
  const calibration = [platt(0, dataset.up), platt(1, dataset.down)] as const;
  const seen = { from: split.train.from, to: split.calibrate.to };
  const payoff = { up: payoffOf(dataset.up, seen), down: payoffOf(dataset.down, seen) };
  const judge = (output: 0 | 1, side: 'up' | 'down'): Judged =>
    judged(dataset, { network, calibration: calibration[output], output, side, payoff: payoff[side], split, wish });
  const outOfSample = { up: judge(0, 'up'), down: judge(1, 'down') };
  const rows = {
    train: to - from,
    calibrate: split.calibrate.to - split.calibrate.from,
    test: dataset.rows - split.test.from,
  };
  return { network, calibration, payoff, rows, outOfSample, edge: edgeOf(outOfSample.up) };
}

export const isFault = (result: Trained | TrainingFault): result is TrainingFault => 'code' in result;

function faultOf(dataset: Dataset, split: ReturnType<typeof splitByTime>): TrainingFault | null {
  for (const [name, { from, to }] of Object.entries(split)) {
    if (to - from < rowsMin) {
      return { code: 'TOO_FEW_ROWS', text: `${to - from} rows to ${name}, at least ${rowsMin} are needed` };
    }
    for (const side of ['up', 'down'] as const) {
      const share = meanOf(dataset[side].won.subarray(from, to));
      if (share === 0 || share === 1) {
        const text = `every row to ${name} has the same outcome (${side}): barriers nearer to the price would tell more`;
        return { code: 'ONE_CLASS', text };
      }
    }
  }
  return null;
}

interface Judging {
  readonly network: Network;
  readonly calibration: Platt;
  readonly output: 0 | 1;
  readonly side: 'up' | 'down';
  readonly payoff: Payoff;
  readonly split: ReturnType<typeof splitByTime>;
  readonly wish: TrainingWish;
}

function judged(dataset: Dataset, { network, calibration, output, side, payoff, split, wish }: Judging): Judged {
  const { from, to } = split.test;
  const won = dataset[side].won.subarray(from, to);
  const told = scoresByOutput(network, dataset, split.test)[output].map((score) =>
    sigmoid(calibration.slope * score + calibration.offset),
  );
  const trainBaseRate = meanOf(dataset[side].won.subarray(split.train.from, split.train.to));
  const expectedBps = told.map((probability) => expectedGainBps(probability, payoff) - wish.feesBps);
  const grossBps = dataset[side].grossBps.subarray(from, to);
  const acting = actingOf(
    { times: dataset.times.subarray(from, to), expectedBps, grossBps },
    wish.feesBps,
    dataset.labelSpan,
  );
  return { figures: figuresOf(told, won, trainBaseRate), acting };
}

/** p × win − (1 − p) × loss, before fees. */
export const expectedGainBps = (probability: number, { winBps, lossBps }: Payoff): number =>
  probability * winBps - (1 - probability) * lossBps;

function payoffOf({ won, grossBps }: Outcomes, { from, to }: Range): Payoff {
  let [wins, gained, lost] = [0, 0, 0];
  for (let row = from; row < to; row += 1) {
    if (won[row] === 1) {
      wins += 1;
      gained += grossBps[row] ?? 0;
    } else lost -= grossBps[row] ?? 0;
  }
  return { winBps: gained / wins, lossBps: lost / (to - from - wins) };
}

function scoresByOutput(
  network: Network,
  { features }: Dataset,
  { from, to }: Range,
): readonly [Float64Array, Float64Array] {
  const up = new Float64Array(to - from);
  const down = new Float64Array(to - from);
  for (let row = from; row < to; row += 1) {
    const scores = scoresOf(network, features.subarray(row * network.inputs, (row + 1) * network.inputs));
    up[row - from] = scores[0] ?? 0;
    down[row - from] = scores[1] ?? 0;
  }
  return [up, down];
}

/** The exported model has 32-bit weights: what is calibrated and judged is that one. */
function rounded(network: Network): Network {
  const { hiddenWeights, hiddenBiases, weights, biases } = network;
  return {
    ...network,
    hiddenWeights: hiddenWeights.map(Math.fround),
    hiddenBiases: hiddenBiases.map(Math.fround),
    weights: weights.map(Math.fround),
    biases: biases.map(Math.fround),
  };
}

const roundedPlatt = ({ slope, offset }: Platt): Platt => ({ slope: Math.fround(slope), offset: Math.fround(offset) });

function edgeOf({ figures, acting }: Judged): Edge {
  const lacking = [
    ...(figures.logLoss < figures.logLossBase ? [] : ['its probabilities are no better than the base rate']),
    ...(acting.trades >= tradesMin ? [] : [`it would have entered ${acting.trades} times, too seldom to judge`]),
    ...(acting.trades > 0 && acting.tradesNetBps <= 0 ? ['its entries lost after fees'] : []),
    ...(acting.trades >= tradesMin && acting.tradesNetBps > 0 && acting.tradesT < tMin
      ? ['what its entries earned may be luck']
      : []),
  ];
  if (lacking.length > 0) return { found: false, text: `No edge: ${lacking.join('; ')}.` };
  const mean = acting.tradesNetBps.toFixed(2);
  return {
    found: true,
    text: `${acting.trades} entries out of sample earned ${mean} bps each after fees (t ${acting.tradesT.toFixed(1)}).`,
  };
}
