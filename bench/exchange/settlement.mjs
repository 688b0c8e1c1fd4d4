// The engine as the exchange runs it: every order checked against filters and funds, funds locked, trades settled and charged,
// what happened told to those who listen (here: to somebody who only counts).
import { OrderBook } from '@scalpstorm/matching';
import { Exchange } from '../../services/sim-exchange/dist/domain/exchange.js';
import { Market } from '../../services/sim-exchange/dist/domain/market.js';
import { syntheticSpec } from '../../services/sim-exchange/dist/domain/synthetic/default-markets.js';
import { timed } from './workload.mjs';

const accounts = 8;
/** 10^-16 of a unit: enough that no order is refused for its funds. */
const plenty = 10n ** 30n;
const drainEvery = 100;

class Counter {
  lotsTraded = 0;

  traded(_market, trade) {
    this.lotsTraded += trade.quantity;
  }
  quoteChanged() {}
  orderChanged() {}
  balancesChanged() {}
}

export function exchangeRound(work) {
  const news = new Counter();
  const exchange = new Exchange(news);
  const market = new Market(syntheticSpec('BTC-USDT'), new OrderBook());
  exchange.addMarket(market);
  const owners = Array.from({ length: accounts }, (_, index) => {
    const account = exchange.openAccount({ apiKey: `bench-${index}`, secret: 'bench' });
    for (const asset of ['BTC', 'USDT']) account.deposit(asset, plenty);
    return account;
  });
  const orders = [];
  const now = Date.now();
  return timed(work, () => {
    for (const { place, cancel } of work.steps) {
      if (place === undefined) {
        const order = orders[cancel];
        exchange.cancel(owners[cancel % accounts], order, { cancelId: 'bench', now });
        continue;
      }
      const owner = owners[orders.length % accounts];
      const order = exchange.place(owner, wish(market, place, orders.length), now);
      if (order.kind === 'refused') throw new Error(`the exchange refused an order: ${order.msg}`);
      orders.push(order);
      if (orders.length % drainEvery === 0) market.book.drainChanges();
    }
    return news.lotsTraded;
  });
}

const wish = (market, { side, price, quantity, rests }, index) => ({
  market,
  clientOrderId: `bench${index}`,
  side,
  type: 'LIMIT',
  timeInForce: rests ? 'GTC' : 'IOC',
  price,
  quantity,
  quoteQuantity: 0n,
  stopPrice: 0,
  trailingDelta: 0,
  selfTradePrevention: 'none',
});
