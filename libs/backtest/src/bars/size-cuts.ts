import type { BacktestWarning } from '../fault.js';
import type { BarMarket } from './bar-market.js';
import type { Fills } from './fills.js';

/** Relative: what rounding makes of a sum is no cut. */
const tolerance = 1e-9;

/** Warns where an entry of a quantity or of an amount was smaller than that, because the cash paid for no more. */
export function sizeCutWarnings(fills: Fills, market: BarMarket): readonly BacktestWarning[] {
  const { size } = market;
  if (size.kind !== 'quantity' && size.kind !== 'cash') return [];
  const { entries, cuts } = sizeCuts(fills, market);
  if (cuts === 0) return [];
  const wish = size.kind === 'quantity' ? `a quantity of ${size.quantity}` : `${size.amount} of cash`;
  return [
    {
      code: 'SIZE_CUT',
      text: `${cuts} of ${entries} entries were cut to what the cash paid for, which was less than ${wish}.`,
      next: 'Give a smaller size or more cash: the figures are those of a run that went all in at these entries.',
    },
  ];
}

function sizeCuts(fills: Fills, { cash: start, size, takerFeeBps }: BarMarket) {
  const fee = takerFeeBps / 10_000;
  const costAt = (price: number): number =>
    size.kind === 'quantity' ? size.quantity * price * (1 + fee) : size.kind === 'cash' ? size.amount : 0;
  let [cash, held, entries, cuts] = [start, 0, 0, 0];
  for (let index = 0; index < fills.length; index += 1) {
    const [quantity, price] = [fills.quantity(index), fills.price(index)];
    if (held === 0) {
      entries += 1;
      if (costAt(price) > cash * (1 + tolerance)) cuts += 1;
    }
    cash -= quantity * price + fills.fee(index);
    held = -quantity >= held ? 0 : held + quantity;
  }
  return { entries, cuts };
}
