import { describe, expect, it } from '@jest/globals';
import type { DeclaredParameters } from '@scalpstorm/strategies';
import type { TrialFigures } from '../figures/trial-figures.js';
import { byStanding, scoreOf } from './objective.js';
import { readSpace } from './space.js';
import { type Findings, hintsOf, verdictOf } from './verdict.js';
import type { WalkForward } from './walk-forward.js';

const period = { kind: 'integer', title: 'P', description: 'Bars.', default: 3, min: 1, max: 9 } as const;
const declared = { p: period, q: period } as const satisfies DeclaredParameters;

const figures = {
  returnPct: 12,
  sharpe: 2,
  maxDrawdownPct: 4,
  observations: 1_000,
  trades: 80,
  profitFactor: 1.5,
} as TrialFigures;

const space = (...texts: readonly string[]) => {
  const read = readSpace(declared, texts);
  if (!read.ok) throw new Error(read.error.text);
  return read.value;
};

const outOfSample = (sharpe: number, trades: number, efficiency: number | null): WalkForward =>
  ({ outOfSample: { sharpe, trades }, inSampleSharpe: 2, efficiency, windows: [] }) as unknown as WalkForward;

/** p=4, q=5 of 3..7 each, and nothing speaks against it. */
const good: Findings = {
  best: {
    place: 7,
    parameters: { p: 4, q: 5 },
    score: 2,
    sharpe: 2,
    maxDrawdownPct: 4,
    trades: 80,
    figures,
    fault: null,
  },
  space: space('p=3..7', 'q=3..7'),
  deflatedSharpe: 0.97,
  trialsEver: 25,
  walkForward: outOfSample(1.2, 40, 0.6),
  crossValidation: null,
  robustness: { neighbours: 20, withinPct: 20, withinShare: 0.8, better: null, tables: [] },
};

describe('a verdict', () => {
  it('is evidence where nothing speaks against it, and promises nothing', () => {
    expect(verdictOf(good)).toMatchObject({
      code: 'EVIDENCE',
      reasons: [],
      text: expect.stringContaining('no promise'),
    });
  });

  it.each<readonly [string, Partial<Findings>, string]>([
    ['FEW_TRADES', { walkForward: outOfSample(1.2, 29, 0.6) }, 'Out of sample there were 29 round trips'],
    ['BEST_LOSES', { best: { ...good.best, figures: { ...figures, returnPct: -0.5 } } }, 'made -0.50 %'],
    [
      'DEFLATED_SHARPE_LOW',
      { deflatedSharpe: 0.949 },
      'The best of 25 trials is better than chance with probability 94.90 %',
    ],
    ['OUT_OF_SAMPLE_WORSE', { walkForward: outOfSample(0.9, 40, 0.45) }, 'ratio is 0.90, after 2.00 in sample'],
    ['OUT_OF_SAMPLE_WORSE', { walkForward: outOfSample(-0.1, 40, null) }, 'ratio is -0.10'],
    [
      'TRAININGS_LOSE',
      { walkForward: { ...outOfSample(1.2, 40, null), inSampleSharpe: -0.5 } },
      'lost inside of them already, at a mean Sharpe ratio of -0.50',
    ],
    ['NOT_JUDGED_OUT_OF_SAMPLE', { walkForward: null }, 'out of sample'],
    ['BEST_AT_THE_EDGE', { best: { ...good.best, place: 9, parameters: { p: 4, q: 7 } } }, 'what was searched: q=7.'],
    ['LONELY_PEAK', { robustness: { ...good.robustness, withinShare: 0.45 } }, '9 of 20 neighbours come within 20 %'],
    [
      'FOLDS_DISAGREE',
      { crossValidation: { folds: new Array(5), positiveShare: 0.4 } as unknown as Findings['crossValidation'] },
      '2 of 5 folds',
    ],
  ])('is not enough for the one reason %s', (code, change, text) => {
    const { code: verdict, reasons } = verdictOf({ ...good, ...change });
    expect(verdict).toBe('NOT_ENOUGH_EVIDENCE');
    expect(reasons).toEqual([{ code, text: expect.stringContaining(text), next: expect.stringMatching(/.{20}/) }]);
  });

  it('tells of a neighbour that is better, and does not hold it against the best', () => {
    expect(hintsOf(good.robustness)).toEqual([]);
    const better = { parameters: { p: 5, q: 5 }, score: 2.25 };
    expect(hintsOf({ ...good.robustness, better })).toEqual([
      {
        code: 'NEIGHBOUR_IS_BETTER',
        text: expect.stringContaining('p=5 q=5 scores 2.25'),
        next: expect.stringContaining('--tries'),
      },
    ]);
  });

  it('has every reason at once', () => {
    const { text, reasons } = verdictOf({ ...good, deflatedSharpe: 0.1, walkForward: outOfSample(-1, 3, null) });
    expect(reasons.map(({ code }) => code)).toEqual(['FEW_TRADES', 'DEFLATED_SHARPE_LOW', 'OUT_OF_SAMPLE_WORSE']);
    expect(text).toContain('3 things speak against it');
  });

  it('does not call it an edge where the strategy declares nothing beyond it', () => {
    const atDeclared = { ...good.best, place: 7 * 5, parameters: { p: 8, q: 3 } };
    expect(verdictOf({ ...good, space: space('p', 'q=3..7'), best: { ...atDeclared, place: 8 * 5 + 2 } }).code).toBe(
      'EVIDENCE',
    );
    expect(
      verdictOf({ ...good, space: space('p=1..8', 'q=3..7'), best: { ...atDeclared, place: 7 * 5 + 2 } }).code,
    ).not.toBe('EVIDENCE');
  });
});

describe('an objective', () => {
  it.each([
    ['sharpe', 2],
    ['return', 12],
    ['calmar', (12 * 8_760) / 1_000 / 4],
    ['profit-factor', 1.5],
  ] as const)('scores %s', (objective, score) => {
    expect(scoreOf(figures, objective, 8_760)).toBeCloseTo(score, 12);
    expect(scoreOf({ ...figures, trades: 0 }, objective, 8_760)).toBeNull();
  });

  it('ends where nothing was lost', () => {
    expect(scoreOf({ ...figures, profitFactor: null }, 'profit-factor', 1)).toBe(1_000);
    expect(scoreOf({ ...figures, maxDrawdownPct: 0 }, 'calmar', 1)).toBe(1_000);
    expect(scoreOf({ ...figures, maxDrawdownPct: 0, returnPct: 0 }, 'calmar', 1)).toBe(0);
  });

  it('has no ties: lesser falls, then fewer trades, then the earlier place; what has no score comes last', () => {
    const standing = (place: number, score: number | null, maxDrawdownPct = 1, trades = 1) => ({
      place,
      score,
      maxDrawdownPct,
      trades,
    });
    const ranked = [
      standing(5, null),
      standing(4, 1, 1, 2),
      standing(3, 1, 1, 1),
      standing(2, 1, 2, 1),
      standing(1, 1, 1, 1),
      standing(0, 2, 9, 9),
      standing(6, -3),
    ].toSorted(byStanding);
    expect(ranked.map(({ place }) => place)).toEqual([0, 1, 3, 4, 2, 6, 5]);
  });
});
