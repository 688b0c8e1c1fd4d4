import { Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  BotId,
  ClientOrderId,
  Currency,
  type Fill,
  type Instrument,
  InstrumentId,
  Money,
  type OrderRequest,
  Price,
  Quantity,
  TradeId,
  UserId,
  VenueId,
  VenueOrderId,
} from '@scalpstorm/model';

/** Builders for specs: a plausible whole, of which a test names only what it is about. */

export const at = (seconds: number): Timestamp => Timestamp.fromMillis(1_700_000_000_000 + seconds * 1000);

export const usdt = Currency.of('USDT');
export const btc = Currency.of('BTC');
export const exampleBot = BotId.of('bot_00000001');

export function exampleInstrument(changes: Partial<Instrument> = {}): Instrument {
  return {
    id: InstrumentId.of('sim', 'BTC-USDT'),
    venue: VenueId.of('sim'),
    symbol: 'BTC-USDT',
    base: btc,
    quote: usdt,
    status: 'trading',
    tickSize: Price.of('0.01'),
    priceMin: Price.of('0.01'),
    priceMax: Price.of('1000000'),
    stepSize: Quantity.of('0.00001'),
    quantityMin: Quantity.of('0.00001'),
    quantityMax: Quantity.of('9000'),
    marketQuantityMax: Quantity.of('9000'),
    marketStepSize: Quantity.of('0.00001'),
    marketQuantityMin: Quantity.of('0.00001'),
    notionalMin: Money.of('5', 'USDT'),
    marketNotionalMax: null,
    makerFeeRate: '0.001',
    takerFeeRate: '0.001',
    ...changes,
  };
}

export function exampleRequest(changes: Partial<OrderRequest> = {}): OrderRequest {
  return {
    clientOrderId: ClientOrderId.forSlot({ botId: exampleBot, cycle: 0, leg: 'entry', attempt: 0 }),
    userId: UserId.of('usr_1'),
    botId: exampleBot,
    accountId: AccountId.of('demo'),
    mode: 'demo',
    instrumentId: exampleInstrument().id,
    side: 'buy',
    type: 'limit',
    quantity: Quantity.of('1'),
    price: Price.of('100'),
    timeInForce: 'GTC',
    purpose: 'open',
    ...changes,
  };
}

export function exampleFill(changes: Partial<Fill> = {}): Fill {
  return {
    tradeId: TradeId.of('t1'),
    clientOrderId: exampleRequest().clientOrderId,
    venueOrderId: VenueOrderId.of('v1'),
    instrumentId: exampleInstrument().id,
    side: 'buy',
    price: Price.of('100'),
    quantity: Quantity.of('1'),
    fee: Money.of('0', 'USDT'),
    liquidity: 'maker',
    occurredAt: at(1),
    ...changes,
  };
}
