import type { BacktestWarning } from '../fault.js';
import { tradesMin } from '../figures/evidence.js';
import type { Trial } from './choose.js';
import type { CrossValidation } from './cross-validate.js';
import type { Robustness } from './robustness.js';
import { indicesAt, type Space } from './space.js';
import type { WalkForward } from './walk-forward.js';

/** What a verdict is made of. */
export interface Findings {
  readonly best: Trial;
  readonly space: Space;
  readonly deflatedSharpe: number;
  /** Trials that were ever made of this strategy, over whatever data. */
  readonly trialsEver: number;
  readonly walkForward: WalkForward | null;
  readonly crossValidation: CrossValidation | null;
  readonly robustness: Robustness;
}

export interface Verdict {
  readonly code: 'EVIDENCE' | 'NOT_ENOUGH_EVIDENCE';
  readonly text: string;
  readonly reasons: readonly BacktestWarning[];
}

const deflatedSharpeMin = 0.95;
/** Out of sample it must keep so much of the Sharpe ratio that it was chosen for. */
const efficiencyMin = 0.5;
const withinShareMin = 0.5;
const positiveShareMin = 0.5;

/** Evidence is what is left when nothing speaks against it; each reason says what to do. */
export function verdictOf(findings: Findings): Verdict {
  const reasons = [
    ...ofTrades(findings),
    ...ofReturn(findings),
    ...ofTrials(findings),
    ...ofWalkForward(findings),
    ...ofFolds(findings),
    ...ofEdges(findings),
    ...ofNeighbours(findings),
  ];
  if (reasons.length === 0) {
    const text =
      'Nothing that was looked at speaks against it. That is evidence, and no promise: run it on paper first.';
    return { code: 'EVIDENCE', text, reasons };
  }
  const times = reasons.length === 1 ? 'One thing speaks' : `${reasons.length} things speak`;
  const text = `Not enough evidence that the best is better than chance. ${times} against it.`;
  return { code: 'NOT_ENOUGH_EVIDENCE', text, reasons };
}

function ofTrades({ best, walkForward }: Findings): readonly BacktestWarning[] {
  const trades = walkForward?.outOfSample.trades ?? best.trades;
  if (trades >= tradesMin) return [];
  const where = walkForward === null ? 'The best made' : 'Out of sample there were';
  return [
    {
      code: 'FEW_TRADES',
      text: `${where} ${trades} round trips; fewer than ${tradesMin} say little about the next ones.`,
      next: 'Give more data, or parameters that trade more often.',
    },
  ];
}

function ofReturn({ best }: Findings): readonly BacktestWarning[] {
  const returnPct = best.figures?.returnPct ?? 0;
  if (returnPct > 0) return [];
  return [
    {
      code: 'BEST_LOSES',
      text: `Even the best of all trials made ${plain(returnPct)} %.`,
      next: 'Costs may eat the edge: look at the same search with --fee-bps 0, and trade less often.',
    },
  ];
}

function ofTrials({ deflatedSharpe, trialsEver }: Findings): readonly BacktestWarning[] {
  if (deflatedSharpe >= deflatedSharpeMin) return [];
  const probability = plain(100 * deflatedSharpe);
  return [
    {
      code: 'DEFLATED_SHARPE_LOW',
      text: `The best of ${trialsEver} trials is better than chance with probability ${probability} %; 95 % is asked for.`,
      next: 'Every further trial makes it less: settle on few combinations beforehand, or wait for more data.',
    },
  ];
}

function ofWalkForward({ walkForward }: Findings): readonly BacktestWarning[] {
  if (walkForward === null) {
    const next = 'Judge it by bars that had no part in choosing: --walk-forward TRAIN:TEST.';
    return [{ code: 'NOT_JUDGED_OUT_OF_SAMPLE', text: 'Nothing was judged out of sample.', next }];
  }
  const { outOfSample, inSampleSharpe, efficiency } = walkForward;
  if (outOfSample.sharpe > 0 && efficiency !== null && efficiency >= efficiencyMin) return [];
  if (inSampleSharpe <= 0) {
    return [
      {
        code: 'TRAININGS_LOSE',
        text: `What the trainings chose lost inside of them already, at a mean Sharpe ratio of ${plain(inSampleSharpe)}.`,
        next: 'There was nothing to choose: another space, another strategy, or lower costs.',
      },
    ];
  }
  return [
    {
      code: 'OUT_OF_SAMPLE_WORSE',
      text: `Out of sample the Sharpe ratio is ${plain(outOfSample.sharpe)}, after ${plain(inSampleSharpe)} in sample.`,
      next: 'It was fitted to what had been: use fewer parameters, coarser steps or longer trainings.',
    },
  ];
}

function ofFolds({ crossValidation: found }: Findings): readonly BacktestWarning[] {
  if (found === null || found.positiveShare >= positiveShareMin) return [];
  const positive = Math.round(found.positiveShare * found.folds.length);
  return [
    {
      code: 'FOLDS_DISAGREE',
      text: `${positive} of ${found.folds.length} folds made something of what was chosen outside of them.`,
      next: 'It lives on a part of the data: look when, and whether that comes back.',
    },
  ];
}

function ofEdges({ best, space }: Findings): readonly BacktestWarning[] {
  const at = indicesAt(space, best.place);
  const edges = space.axes.filter(({ isOrdered, values, endsThere: [first, last] }, axis) => {
    const isAtEdge = (at[axis] === 0 && !first) || (at[axis] === values.length - 1 && !last);
    return isOrdered && values.length > 2 && isAtEdge;
  });
  if (edges.length === 0) return [];
  const named = edges.map(({ name }) => `${name}=${best.parameters[name]}`).join(', ');
  return [
    {
      code: 'BEST_AT_THE_EDGE',
      text: `The best lies at the edge of what was searched: ${named}.`,
      next: 'What is beyond may be better, or the edge is all that holds it: widen --space there.',
    },
  ];
}

function ofNeighbours({ robustness: { withinShare, withinPct, neighbours } }: Findings): readonly BacktestWarning[] {
  if (withinShare === null || withinShare >= withinShareMin) return [];
  return [
    {
      code: 'LONELY_PEAK',
      text: `${Math.round(withinShare * neighbours)} of ${neighbours} neighbours come within ${withinPct} % of the best.`,
      next: 'A peak without neighbours is luck more often than not: choose where a whole region is good.',
    },
  ];
}

/** No reason against it, but something to know. */
export function hintsOf({ better }: Robustness): readonly BacktestWarning[] {
  if (better === null) return [];
  const named = Object.entries(better.parameters).map(([name, value]) => `${name}=${value}`);
  return [
    {
      code: 'NEIGHBOUR_IS_BETTER',
      text: `Next to the best, ${named.join(' ')} scores ${plain(better.score)}, and the search did not come there.`,
      next: 'Give it more --tries, or a grid about there.',
    },
  ];
}

const plain = (value: number): string => value.toFixed(2);
