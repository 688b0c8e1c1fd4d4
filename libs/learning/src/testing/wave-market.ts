import { millisecond, second, seededRng, Timestamp } from '@scalpstorm/kernel';
import { InstrumentId, Price, Quantity, TradeId } from '@scalpstorm/model';
import type { MarketEvent } from '../dataset.js';

export interface WaveMarketWish {
  readonly seed: number;
  readonly seconds: number;
  /** How high the wave goes, in basis points; 0 leaves nothing but luck. */
  readonly waveBps: number;
  readonly noiseBps?: number;
}

const quoteEvery = 100 * millisecond;
const period = 10 * second;
const start = 1_700_000_000 * second;
const id = InstrumentId.of('sim', 'BTC-USDT');

/** A market for specs: a wave that can be foretold, around a walk that can not. Quotes ten times a second, trades at random. */
export function waveMarket({ seed, seconds, waveBps, noiseBps = 0.3 }: WaveMarketWish): readonly MarketEvent[] {
  const rng = seededRng(seed);
  const events: MarketEvent[] = [];
  let walk = 0;
  for (let step = 0; step < (seconds * second) / quoteEvery; step += 1) {
    const at = Timestamp.fromMicros(start + step * quoteEvery + rng.below(30) * millisecond);
    walk += noiseBps * rng.gaussian();
    const cents = Math.round(
      6_000_000 * (1 + (walk + waveBps * Math.sin((2 * Math.PI * step * quoteEvery) / period)) / 10_000),
    );
    const price = (value: number) => Price.fromUnits(BigInt(value) * 10n ** 10n);
    const quantity = () => Quantity.fromUnits(BigInt(1 + rng.below(1_000)) * 10n ** 9n);
    const sizes = { bidQuantity: quantity(), askQuantity: quantity() };
    const quote = {
      instrumentId: id,
      bidPrice: price(cents),
      askPrice: price(cents + 1),
      ...sizes,
      sequence: step + 1,
      occurredAt: at,
    };
    events.push({ kind: 'quote', at, quote });
    if (rng.below(3) > 0) continue;
    const aggressor = rng.below(2) === 0 ? ('buy' as const) : ('sell' as const);
    const trade = {
      instrumentId: id,
      tradeId: TradeId.of(`t${step}`),
      price: price(aggressor === 'buy' ? cents + 1 : cents),
    };
    events.push({ kind: 'trade', at, trade: { ...trade, quantity: quantity(), aggressor, occurredAt: at } });
  }
  return events;
}
