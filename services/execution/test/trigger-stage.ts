import {
  type AccountId,
  type ClientOrderId,
  type OrderRequest,
  Price,
  Quantity,
  type Trigger,
} from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { KeepExpiries } from '../src/handlers/keep-expiries.js';
import { WatchTriggers } from '../src/handlers/watch-triggers.js';
import { FollowedPrices } from '../src/ports/followed-prices.js';
import { MarketEar, type MarketListener } from '../src/ports/market-ear.js';
import { ExecutionParts, type PartsOptions, settled } from './execution-parts.js';

/** Who listens to which market. */
class FakeEar extends MarketEar {
  readonly heard = new Map<string, MarketListener>();
  async listen(instrumentId: string, listener: MarketListener): Promise<void> {
    this.heard.set(instrumentId, listener);
  }
}

/** How far prices were followed, over restarts. */
class MemoryFollowed extends FollowedPrices {
  constructor(readonly prices = new Map<ClientOrderId, Price>()) {
    super();
  }
  async load() {
    return new Map(this.prices);
  }
  async keep(_: AccountId, prices: ReadonlyMap<ClientOrderId, Price>) {
    for (const [id, price] of prices) this.prices.set(id, price);
  }
  async forget(_: AccountId, ids: readonly ClientOrderId[]) {
    for (const id of ids) this.prices.delete(id);
  }
}

export const stop: Trigger = { kind: 'stop', price: Price.of('100'), source: 'mid' };
export const close = anOrderRequest({ type: 'market', price: null, side: 'sell', purpose: 'close', trigger: stop });
export const open = anOrderRequest({ ...close, side: 'buy', purpose: 'open' });

/** A venue that holds plain orders, and the watch over all others. */
export async function triggerStage(options: PartsOptions = {}, prices = new Map<ClientOrderId, Price>()) {
  const parts = new ExecutionParts(options);
  await parts.ledger.open();
  const ear = new FakeEar();
  const { ledger, venues, states, halts, placeOrder, cancelOrder, clock, log } = parts;
  const followed = new MemoryFollowed(prices);
  const watch = new WatchTriggers(ledger, venues, states, halts, placeOrder, ear, followed, clock, log, parts.pause);
  const expiries = new KeepExpiries(ledger, venues, cancelOrder, placeOrder, clock, log);
  const market = () => {
    const listener = ear.heard.get(close.instrumentId);
    if (listener === undefined) throw new Error('nobody listens');
    return listener;
  };
  const status = (state: 'live' | 'stale') =>
    market().onStatus({ instrumentId: close.instrumentId, state, detail: '', lastEventAt: null }, clock.now());
  const quote = (bid: string, ask: string, toldAt = clock.now()) => {
    const { instrumentId } = close;
    const size = Quantity.of('1');
    const quoted = { bidPrice: Price.of(bid), askPrice: Price.of(ask), bidQuantity: size, askQuantity: size };
    market().onQuote({ instrumentId, ...quoted, sequence: 1, occurredAt: toldAt }, toldAt);
    return settled();
  };
  const emulate = async (order: OrderRequest) => {
    await parts.approve(order);
    await watch.look();
    status('live');
  };
  return { parts, watch, expiries, ear, status, quote, emulate, followed };
}
