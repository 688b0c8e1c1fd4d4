import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, Money, type Order, Price, Quantity } from '@scalpstorm/model';
import { createOrder } from '../orders/order.js';
import { emptyPosition } from '../portfolio/position.js';
import { at, exampleInstrument, exampleRequest, usdt } from '../testing.js';
import { exposureOf } from './exposure.js';
import type { RiskLimits } from './policy.js';
import { restoreStanding } from './restore.js';
import { applyOrder, botStanding, emptyStanding, releaseReservation, reserve, type Standing } from './standing.js';

const instrument = exampleInstrument();
const request = exampleRequest();
const price = Price.of('100');
const reserveIt = (standing: Standing, wanted = request) =>
  reserve(standing, { request: wanted, instrument, referencePrice: price, approvedAt: at(0) });
const order = (changes: Partial<Order>): Order => ({ ...createOrder(request, usdt, at(0)), ...changes });
const empty = emptyStanding(second);
const limits: RiskLimits = {
  currency: usdt,
  orderNotionalMax: Money.of('400', 'USDT'),
  botPositionMax: Money.of('500', 'USDT'),
  accountExposureMax: Money.of('900', 'USDT'),
  userExposureMax: Money.of('900', 'USDT'),
  venueExposureMax: Money.of('900', 'USDT'),
  identicalOrdersMax: 1000,
  balanceAgeMax: second,
  clockOffsetMax: second,
  openOrdersPerBotMax: 20,
  openOrdersPerAccountMax: 40,
  ordersPerBotMax: 1000,
  ordersPerAccountMax: 1000,
  rateWindow: second,
  priceCollarBps: 10_000,
  marketDataAgeMax: second,
  marketDataLeadMax: second,
};
const exposure = (standing: Standing): bigint =>
  exposureOf(standing, limits, new Map([[instrument.id, price]]))?.amount ?? -1n;
const usd = (amount: string): bigint => Money.of(amount, 'USDT').amount;

describe('a standing', () => {
  it('keeps the risk of an order from the approval until its end, in doubt too', () => {
    const steps = [
      reserveIt(empty),
      applyOrder(reserveIt(empty), order({ status: 'sending', version: 1 }), instrument),
      applyOrder(reserveIt(empty), order({ status: 'unknown', version: 2 }), instrument),
    ];
    expect(steps.map(exposure)).toEqual([usd('100'), usd('100'), usd('100')]);
    const ended = applyOrder(reserveIt(empty), order({ status: 'rejected', version: 3 }), instrument);
    expect(exposure(ended)).toBe(0n);
    expect(ended.openOrders).toBe(0);
    expect(ended.instruments.get(instrument.id)?.buys).toEqual([]);
  });

  it('gives back a reservation of which nothing was heard, and no other', () => {
    expect(exposure(releaseReservation(reserveIt(empty), request, instrument))).toBe(0n);
    const heard = applyOrder(reserveIt(empty), order({ status: 'initialized', version: 0 }), instrument);
    expect(releaseReservation(heard, request, instrument)).toBe(heard);
  });

  it('ignores a version that it has seen, also after the end', () => {
    const filled = order({ status: 'filled', version: 5, filledQuantity: request.quantity });
    const standing = applyOrder(reserveIt(empty), filled, instrument);
    expect(applyOrder(standing, order({ status: 'accepted', version: 3 }), instrument)).toBe(standing);
    expect(applyOrder(standing, filled, instrument)).toBe(standing);
    expect(reserveIt(standing)).toBe(standing);
  });

  it('books a late fill of a canceled order once', () => {
    const canceled = applyOrder(empty, order({ status: 'canceled', version: 3 }), instrument);
    const late = order({ status: 'canceled', version: 4, filledQuantity: Quantity.of('0.4') });
    const once = applyOrder(canceled, late, instrument);
    const twice = applyOrder(once, late, instrument);
    expect(botStanding(twice, request.botId).positions.get(instrument.id)).toBe(Quantity.of('0.4'));
  });

  it('is rebuilt from positions and orders without booking a fill twice', () => {
    const working = order({ status: 'partially-filled', version: 4, filledQuantity: Quantity.of('0.4') });
    const live = applyOrder(reserveIt(empty), working, instrument);
    const owner = { accountId: AccountId.of('demo'), botId: request.botId, instrumentId: instrument.id };
    const position = { ...emptyPosition(owner, usdt, at(0)), quantity: Quantity.of('0.4') };
    const rebuilt = restoreStanding(
      second,
      { positions: [position], orders: [working], knownSince: null },
      new Map([[instrument.id, instrument]]),
    );
    expect(exposure(rebuilt)).toBe(exposure(live));
    expect(rebuilt.openOrders).toBe(1);
    expect(applyOrder(rebuilt, working, instrument)).toBe(rebuilt);
  });
});
