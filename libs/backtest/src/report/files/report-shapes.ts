import { figure, list, object, orAbsent, orNull, record, type Shape, text } from './shape.js';

const figures = (...names: readonly string[]): Readonly<Record<string, Shape>> =>
  Object.fromEntries(names.map((name) => [name, figure]));
const texts = (...names: readonly string[]): Readonly<Record<string, Shape>> =>
  Object.fromEntries(names.map((name) => [name, text]));
const figuresOrNull = (...names: readonly string[]): Readonly<Record<string, Shape>> =>
  Object.fromEntries(names.map((name) => [name, orNull(figure)]));

export const provenanceShape = object({
  data: list(object(texts('name', 'hash'))),
  ...texts('codeHash', 'path'),
  platformHash: orAbsent(text),
  seeds: list(figure),
});

const summaryShape = object({
  ...texts('strategy', 'from', 'to', 'pointName'),
  ...figures('bars', 'barSeconds', 'fills', 'finalEquity', 'returnPct'),
  ...figures('totalFees', 'maxDrawdownPct', 'sharpe', 'turnover', 'trades', 'wins', 'losses'),
  ...figures('winsInARow', 'lossesInARow', 'exposurePct'),
  ...figuresOrNull(
    'annualReturnPct',
    'holdReturnPct',
    'openQuantity',
    'sortino',
    'calmar',
    'winPct',
    'profitFactor',
    'expectancy',
    'best',
    'worst',
  ),
  parameters: record,
  assumptions: object(figures('cash')),
  warnings: list(object(texts('code', 'text', 'next'))),
});

const drawdownShape = object({
  ...texts('from', 'deepestAt'),
  until: orNull(text),
  ...figures('depthPct', 'seconds'),
});

const groupsShape = list(
  object({
    name: text,
    ...figures('trades', 'wins', 'net', 'fees', 'meanPct'),
    profitFactor: orNull(figure),
  }),
);

const figuresShape = object({
  course: object({
    ...figures('longs', 'shorts'),
    ...figuresOrNull('costSharePct', 'meanGain', 'meanLoss', 'payoff', 'gainSecondsMean', 'lossSecondsMean'),
  }),
  days: object({ ...figures('days', 'won', 'lost'), ...figuresOrNull('wonPct', 'bestPct', 'worstPct') }),
  months: list(object(figures('year', 'month', 'returnPct'))),
  drawdowns: list(drawdownShape),
  longestDrawdown: orNull(drawdownShape),
  ...figures('underwaterPct', 'lowestEquity', 'highestEquity', 'volume'),
  distribution: orNull(
    object({
      ...figures('mean', 'median', 'deviation', 'low', 'high'),
      bins: list(object({ ...figuresOrNull('from', 'to'), ...figures('trades') })),
    }),
  ),
  groups: object({
    bySymbol: groupsShape,
    byEntryTag: groupsShape,
    byExitTag: groupsShape,
    byExitReason: groupsShape,
  }),
  trialsEver: orAbsent(orNull(figure)),
});

export const summaryFileShape = object({
  provenance: provenanceShape,
  summary: summaryShape,
  figures: figuresShape,
  details: list(object({ title: text, rows: list(list(text)) })),
});

const column = list(figure);
const gappyColumn = list(orNull(figure));

const windowShape = object({ openedAtMs: column, open: column, high: column, low: column, close: column });

const plotsShape = object({
  shown: list(
    object({
      ...texts('title', 'pane', 'kind'),
      lines: list(object({ output: text, values: gappyColumn })),
    }),
  ),
  leftOut: list(text),
});

export const seriesFileShape = object({
  provenance: provenanceShape,
  series: object({
    of: figure,
    atMs: column,
    equity: column,
    drawdownPct: column,
    price: orNull(gappyColumn),
    prices: orAbsent(list(object({ symbol: text, values: gappyColumn }))),
    hold: orNull(column),
    window: orNull(windowShape),
    windows: orAbsent(list(object({ symbol: text, window: windowShape }))),
    plots: orAbsent(plotsShape),
  }),
});

export const tradesHeadShape = object({ provenance: provenanceShape, ...figures('trades', 'left') });

export const tradeShape = object({
  ...texts('symbol', 'side', 'openedAt', 'closedAt', 'exitReason', 'entryTag', 'exitTag'),
  ...figures('quantity', 'entryPrice', 'exitPrice', 'fees', 'net', 'netShare'),
});
