import { defineIndicator } from '../define.js';
import { type NumberParameter, type ParametersOf, period } from '../parameters.js';
import { WindowSum, windowSums } from '../parts/window-sum.js';
import { requirePositive, type Stream } from '../stream.js';

const rowsPerYear: NumberParameter = {
  kind: 'number',
  title: 'Rows in the time that it is told for: 1 for a row, 525600 minutes for a year',
  unit: 'rows',
  min: 1,
  max: 1e9,
  absent: 1,
};
const parameters = { period: period('Period', 20), rowsPerYear };
type Parameters = ParametersOf<typeof parameters>;

const squareOf = (close: number, previous: number): number => {
  const back = Math.log(close / previous);
  return back * back;
};

class RealisedVolatility implements Stream {
  readonly outputs = new Float64Array(1).fill(Number.NaN);
  private readonly squares: WindowSum;
  private readonly share: number = Number.NaN;
  private previous = Number.NaN;

  constructor(readonly parameters: Parameters) {
    this.squares = new WindowSum(parameters.period);
    this.share = parameters.rowsPerYear / parameters.period;
  }

  update(close: number): number {
    requirePositive(close, 'close');
    const { previous } = this;
    this.previous = close;
    if (Number.isNaN(previous)) return Number.NaN;
    const volatility = Math.sqrt(this.squares.push(squareOf(close, previous)) * this.share);
    this.outputs[0] = volatility;
    return volatility;
  }
}

export const realisedVolatility = defineIndicator(
  {
    id: 'realised-volatility',
    title: 'Realised volatility',
    formula: '√(Σ ln(close ÷ close′)² × rowsPerYear ÷ period)',
    source:
      'Andersen and others (2003): the mean return is not subtracted, because over short times it is noise. Closes must be above 0.',
    inputs: ['close'],
    outputs: { volatility: 'fraction, 0.01 is 1 %' },
    parameters,
  },
  {
    warmUp: ({ period }) => period + 1,
    start: (given) => new RealisedVolatility(given),
    fill({ close }, { period, rowsPerYear }, { volatility }) {
      const squares = new Float64Array(close.length);
      requirePositive(close[0] as number, 'close');
      for (let index = 1; index < close.length; index += 1) {
        requirePositive(close[index] as number, 'close');
        squares[index] = squareOf(close[index] as number, close[index - 1] as number);
      }
      windowSums(squares, { from: 1, period }, volatility);
      const share = rowsPerYear / period;
      for (let index = period; index < close.length; index += 1)
        volatility[index] = Math.sqrt((volatility[index] as number) * share);
    },
  },
);
