import { millisecond, second, type Timestamp } from '@scalpstorm/kernel';
import {
  BotId,
  ClientOrderId,
  type Leg,
  Money,
  type Order,
  type OrderRequest,
  Price,
  Quantity,
  RiskScope,
  type TradingState,
} from '@scalpstorm/model';
import { createOrder } from '../orders/order.js';
import { at, btc, exampleBot, exampleInstrument, exampleRequest, usdt } from '../testing.js';
import { decide } from './decide.js';
import type { Funds, RiskContext, RiskLimits, TradingInForce } from './policy.js';
import { applyOrder, emptyStanding, reserve, type Standing } from './standing.js';
import { untouched } from './trading-in-force.js';

// What the specs of the gate set out from: a market, limits, and orders that were asked, approved and filled.

export const instrument = exampleInstrument();
export const limits: RiskLimits = {
  currency: usdt,
  orderNotionalMax: Money.of('1000', 'USDT'),
  botPositionMax: Money.of('1500', 'USDT'),
  accountExposureMax: Money.of('2000', 'USDT'),
  userExposureMax: Money.of('5000', 'USDT'),
  venueExposureMax: Money.of('6000', 'USDT'),
  openOrdersPerBotMax: 5,
  openOrdersPerAccountMax: 8,
  identicalOrdersMax: 100,
  ordersPerBotMax: 4,
  ordersPerAccountMax: 6,
  rateWindow: second,
  priceCollarBps: 100,
  marketDataAgeMax: 5 * second,
  marketDataLeadMax: second,
  balanceAgeMax: 5 * second,
  clockOffsetMax: 100 * millisecond,
};
/** More than any spec spends. */
export function rich(asOf: Timestamp): Funds {
  const much = Money.of('1000000', 'USDT').amount;
  return { free: new Map([usdt, btc].map((currency) => [currency, much])), promised: new Map(), asOf };
}
export const context: RiskContext = {
  now: at(10),
  trading: untouched,
  recovering: false,
  instrument,
  market: { feed: 'live', bid: Price.of('99.99'), ask: Price.of('100.01'), last: Price.of('100'), occurredAt: at(9) },
  marks: new Map([[instrument.id, Price.of('100')]]),
  seenBefore: false,
  funds: rich(at(9)),
  reconciled: true,
  venueClock: { offset: 0, uncertainty: 0, measuredAt: at(9) },
  elsewhere: { user: () => 0n, venue: () => 0n },
};
export const empty = emptyStanding(second);
export const otherBot = BotId.of('bot_00000002');

/** Said of the bot that the requests are of. */
export const told = (state: TradingState): TradingInForce => ({
  state,
  scope: RiskScope.bot(exampleBot),
  text: 'drill',
  since: at(3),
});

export const slot = (cycle: number, leg: Leg = 'entry', botId = exampleBot) => ({
  clientOrderId: ClientOrderId.forSlot({ botId, cycle, leg, attempt: 0 }),
  botId,
});
export const wanted = (changes: Partial<OrderRequest> = {}) => exampleRequest({ ...slot(100), ...changes });
export const approved = (standing: Standing, request: OrderRequest, seconds = 0): Standing =>
  reserve(standing, { request, instrument, referencePrice: Price.of('100'), approvedAt: at(seconds) });
export const filledOrder = (request: OrderRequest): Order => ({
  ...createOrder(request, usdt, at(0)),
  status: 'filled',
  version: 3,
  filledQuantity: request.quantity,
});
export const holding = (quantity: string, botId = exampleBot): Standing =>
  applyOrder(
    empty,
    filledOrder(exampleRequest({ ...slot(1, 'entry', botId), quantity: Quantity.of(quantity) })),
    instrument,
  );
export const times = (count: number, step: (standing: Standing, index: number) => Standing): Standing =>
  Array.from({ length: count }).reduce<Standing>((standing, _, index) => step(standing, index), empty);

export function code(request: OrderRequest, standing = empty, changes: Partial<RiskContext> = {}): string {
  const verdict = decide(request, standing, limits, { ...context, ...changes });
  return verdict.kind === 'approved' ? 'approved' : verdict.denial.code;
}
export const market = (changes: Partial<NonNullable<RiskContext['market']>>): Partial<RiskContext> => ({
  market: context.market === null ? null : { ...context.market, ...changes },
});
export const small = Quantity.of('0.1');
