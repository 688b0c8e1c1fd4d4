// The matching engine alone: price-time priority with owners, events and a record of the levels that changed, which is drained as
// the streams of the exchange drain it.
import { OrderBook } from '@scalpstorm/matching';
import { timed } from './workload.mjs';

const owners = 8;
const drainEvery = 100;

export function engineRound(work) {
  const book = new OrderBook();
  let id = 0;
  let lotsTraded = 0;
  return timed(work, () => {
    for (const { place, cancel } of work.steps) {
      if (place === undefined) {
        book.cancel(cancel + 1);
        continue;
      }
      id += 1;
      const { side, price, quantity, rests } = place;
      const identity = { id, owner: id % owners, side, price, quantity, selfTradePrevention: 'none' };
      const events = book.place({ ...identity, type: 'limit', timeInForce: rests ? 'GTC' : 'IOC' });
      for (const event of events) if (event.kind === 'traded') lotsTraded += event.quantity;
      if (id % drainEvery === 0) book.drainChanges();
    }
    return lotsTraded;
  });
}
