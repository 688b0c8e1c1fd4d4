import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { WindowSum, windowSums } from '../parts/window-sum.js';
import { requireAmount, requireUsable, type Stream } from '../stream.js';

const parameters = { period: period('Quotes', 50) };
type Parameters = ParametersOf<typeof parameters>;

/** What came to a side or went from it, as seen at its best price; `better` is above 0 where the new price is nearer to the other side. */
const grown = (better: number, quantity: number, previousQuantity: number): number => {
  if (better > 0) return quantity;
  return better < 0 ? -previousQuantity : quantity - previousQuantity;
};

const shareOf = (flow: number, moved: number): number => (moved === 0 ? 0 : flow / moved);

class OrderFlowImbalance implements Stream {
  readonly outputs = new Float64Array(2).fill(Number.NaN);
  private readonly flow: WindowSum;
  private readonly moved: WindowSum;
  private bidPrice = Number.NaN;
  private bidQuantity = 0;
  private askPrice = Number.NaN;
  private askQuantity = 0;

  constructor(readonly parameters: Parameters) {
    this.flow = new WindowSum(parameters.period);
    this.moved = new WindowSum(parameters.period);
  }

  update(bidPrice: number, bidQuantity: number, askPrice: number, askQuantity: number): number {
    requireUsable(bidPrice, 'bidPrice');
    requireAmount(bidQuantity, 'bidQuantity');
    requireUsable(askPrice, 'askPrice');
    requireAmount(askQuantity, 'askQuantity');
    const [higher, lower] = [bidPrice - this.bidPrice, this.askPrice - askPrice];
    const change = grown(higher, bidQuantity, this.bidQuantity) - grown(lower, askQuantity, this.askQuantity);
    this.bidPrice = bidPrice;
    this.bidQuantity = bidQuantity;
    this.askPrice = askPrice;
    this.askQuantity = askQuantity;
    if (Number.isNaN(higher)) return Number.NaN;
    const flow = this.flow.push(change);
    this.outputs[0] = flow;
    this.outputs[1] = shareOf(flow, this.moved.push(Math.abs(change)));
    return flow;
  }
}

export const orderFlowImbalance = defineIndicator(
  {
    id: 'order-flow-imbalance',
    title: 'Order-flow imbalance',
    formula:
      'flow = Σ e over the newest `period` changes of the quote, e = bid side − ask side; a side counts its new quantity where its price got nearer to the other side, minus its old one where it went away, else the difference; share = flow ÷ Σ |e|',
    source: 'Cont, Kukanov and Stoikov (2014), equation 2. `share` is 0 where nothing changed.',
    inputs: ['bidPrice', 'bidQuantity', 'askPrice', 'askQuantity'],
    outputs: { flow: 'quantity', share: '−1 to 1' },
    parameters,
  },
  {
    warmUp: ({ period }) => period + 1,
    start: (given) => new OrderFlowImbalance(given),
    fill({ bidPrice, bidQuantity, askPrice, askQuantity }, { period }, { flow, share }) {
      const changes = new Float64Array(bidPrice.length);
      const sizes = new Float64Array(bidPrice.length);
      for (let index = 1; index < changes.length; index += 1) {
        const higher = (bidPrice[index] as number) - (bidPrice[index - 1] as number);
        const lower = (askPrice[index - 1] as number) - (askPrice[index] as number);
        const change =
          grown(higher, bidQuantity[index] as number, bidQuantity[index - 1] as number) -
          grown(lower, askQuantity[index] as number, askQuantity[index - 1] as number);
        changes[index] = change;
        sizes[index] = Math.abs(change);
      }
      windowSums(changes, { from: 1, period }, flow);
      windowSums(sizes, { from: 1, period }, share);
      for (let index = period; index < changes.length; index += 1)
        share[index] = shareOf(flow[index] as number, share[index] as number);
    },
  },
);
