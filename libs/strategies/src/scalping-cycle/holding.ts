import { ClientOrderId, Price } from '@scalpstorm/model';
import { noAmount, quantityScale, read } from './amounts.js';
import { entryPrice, signedBase } from './books.js';
import { oncePer } from './once.js';
import type { Holding } from './plan.js';
import type { OrderFact, ScalpingState } from './state.js';

export const holdingOf = oncePer(({ books, orders, cycle }: ScalpingState): Holding => {
  const average = books.poolSide === 'buy' && books.poolBase !== noAmount ? entryPrice(books) : null;
  const first = firstEntry(orders, cycle);
  const priced = first && (read(first.notional) * 10n ** 12n) / read(first.filled);
  return {
    entered: read(books.buys.base) / quantityScale,
    base: signedBase(books),
    average,
    first: priced === undefined ? null : Price.fromUnits(priced),
  };
});

/** The first of a cycle that has filled anything: what comes on top of it counts from its price. */
export function firstEntry(orders: readonly OrderFact[], cycle: number): OrderFact | undefined {
  const attemptOf = ({ id }: OrderFact): number => ClientOrderId.slotOf(id)?.attempt ?? 0;
  return orders
    .filter(({ id, leg, filled }) => {
      return leg === 'entry' && filled !== noAmount && ClientOrderId.slotOf(id)?.cycle === cycle;
    })
    .toSorted((left, right) => attemptOf(left) - attemptOf(right))[0];
}
