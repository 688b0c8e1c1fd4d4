// The floor of the engine: sorted prices, a queue at each, and nothing else. No owners, no events, no accounts, no checks, no
// record of what changed.
import { timed } from './workload.mjs';

class BareSide {
  constructor(isBuy) {
    this.isBuy = isBuy;
    /** Best price last. */
    this.prices = [];
    this.queues = new Map();
  }

  position(price) {
    let low = 0;
    let high = this.prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const isBetter = this.isBuy ? price > this.prices[middle] : price < this.prices[middle];
      if (isBetter) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  add(order) {
    const queue = this.queues.get(order.price);
    if (queue !== undefined) {
      queue.push(order);
      return;
    }
    this.prices.splice(this.position(order.price), 0, order.price);
    this.queues.set(order.price, [order]);
  }

  drop(price) {
    this.queues.delete(price);
    this.prices.splice(this.position(price), 1);
  }

  remove(order) {
    const queue = this.queues.get(order.price);
    queue.splice(queue.indexOf(order), 1);
    if (queue.length === 0) this.drop(order.price);
  }
}

class BareLevels {
  lotsTraded = 0;

  constructor() {
    this.buy = new BareSide(true);
    this.sell = new BareSide(false);
  }

  place({ side, price, quantity, rests }) {
    const isBuy = side === 'buy';
    const other = isBuy ? this.sell : this.buy;
    let left = quantity;
    while (left > 0 && other.prices.length > 0) {
      const best = other.prices[other.prices.length - 1];
      if (isBuy ? best > price : best < price) break;
      const queue = other.queues.get(best);
      let filled = 0;
      while (left > 0 && filled < queue.length) {
        const maker = queue[filled];
        const lots = Math.min(maker.left, left);
        maker.left -= lots;
        left -= lots;
        this.lotsTraded += lots;
        if (maker.left === 0) filled += 1;
      }
      if (filled === queue.length) other.drop(best);
      else queue.splice(0, filled);
    }
    const order = { isBuy, price, left: rests ? left : 0 };
    if (order.left > 0) (isBuy ? this.buy : this.sell).add(order);
    return order;
  }

  cancel(order) {
    if (order.left === 0) return;
    (order.isBuy ? this.buy : this.sell).remove(order);
    order.left = 0;
  }
}

export function bareLevelsRound(work) {
  const levels = new BareLevels();
  const orders = [];
  return timed(work, () => {
    for (const { place, cancel } of work.steps) {
      if (place === undefined) levels.cancel(orders[cancel]);
      else orders.push(levels.place(place));
    }
    return levels.lotsTraded;
  });
}
