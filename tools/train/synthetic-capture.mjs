// What the simulated exchange's own market does, heard without a network: seeded, in market time, as fast as the machine.
import { OrderBook } from '@scalpstorm/matching';
import { InstrumentId, Price, Quantity, TradeId } from '@scalpstorm/model';
import { Exchange } from '../../services/sim-exchange/dist/domain/exchange.js';
import { Market } from '../../services/sim-exchange/dist/domain/market.js';
import { Crowd, stepSeconds } from '../../services/sim-exchange/dist/domain/synthetic/crowd.js';
import { syntheticSpec } from '../../services/sim-exchange/dist/domain/synthetic/default-markets.js';

/** Any time will do; a fixed one makes the capture the same every time. */
const startMs = 1_700_000_000_000;
const stepMs = stepSeconds * 1_000;
/** Units of a tick and a lot are 10^-8, those of the model 10^-12. */
const finer = 10_000n;
const price = (ticks, { tickUnits }) => Price.fromUnits(BigInt(ticks) * BigInt(tickUnits) * finer);
const quantity = (lots, { lotUnits }) => Quantity.fromUnits(BigInt(lots) * BigInt(lotUnits) * finer);

class Recorder {
  events = [];
  at = startMs * 1_000;

  constructor(spec) {
    this.spec = spec;
    this.instrumentId = InstrumentId.of('sim', spec.symbol);
  }

  traded(_market, trade) {
    const { id, buyerIsMaker } = trade;
    const { at, spec, instrumentId } = this;
    const amounts = { price: price(trade.price, spec), quantity: quantity(trade.quantity, spec) };
    const aggressor = buyerIsMaker ? 'sell' : 'buy';
    const told = { instrumentId, tradeId: TradeId.of(String(id)), ...amounts, aggressor, occurredAt: at };
    this.events.push({ kind: 'trade', at, trade: told });
  }

  quoteChanged(_market, { bid, ask, bidQuantity, askQuantity }) {
    if (bid === null || ask === null) return;
    const { at, spec, instrumentId } = this;
    const quote = {
      instrumentId,
      bidPrice: price(bid, spec),
      askPrice: price(ask, spec),
      bidQuantity: quantity(bidQuantity, spec),
      askQuantity: quantity(askQuantity, spec),
      sequence: this.events.length + 1,
      occurredAt: at,
    };
    this.events.push({ kind: 'quote', at, quote });
  }

  orderChanged() {}
  balancesChanged() {}
}

/**
 * @param {{symbol: string, seed: number, minutes: number}} wanted
 * @returns {readonly object[]} market events, as `buildDataset` takes them
 */
export function syntheticCapture({ symbol, seed, minutes }) {
  const spec = syntheticSpec(symbol);
  const recorder = new Recorder(spec);
  const exchange = new Exchange(recorder);
  const market = new Market(spec, new OrderBook());
  exchange.addMarket(market);
  const crowd = new Crowd(exchange, market, seed);
  const steps = (minutes * 60_000) / stepMs;
  for (let step = 0; step < steps; step += 1) {
    const nowMs = startMs + step * stepMs;
    recorder.at = nowMs * 1_000;
    crowd.step(nowMs);
  }
  return recorder.events;
}
