import { defineIndicator } from '../define.js';
import { period } from '../parameters.js';
import { windowMeans } from '../parts/window-mean.js';
import { Sma } from './sma.js';

export const volumeSma = defineIndicator(
  {
    id: 'volume-sma',
    title: 'Average volume',
    formula: 'Σ volume ÷ period',
    source: 'TA-Lib SMA of the volume.',
    inputs: ['volume'],
    outputs: { average: 'volume' },
    parameters: { period: period('Period', 20) },
  },
  {
    warmUp: ({ period }) => period,
    start: (given) => new Sma(given),
    fill: ({ volume }, { period }, { average }) => windowMeans(volume, { from: 0, period }, average),
  },
);
