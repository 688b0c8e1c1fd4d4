import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, type Order, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { createOrder } from '../orders/order.js';
import { emptyPosition } from '../portfolio/position.js';
import { at, exampleInstrument, exampleRequest, usdt } from '../testing.js';
import { restoreStanding } from './restore.js';
import {
  applyOrder,
  botStanding,
  emptyStanding,
  finishedKept,
  mayBeForgotten,
  reserve,
  type Standing,
} from './standing.js';

const instrument = exampleInstrument();
const instruments = new Map([[instrument.id, instrument]]);
const { botId } = exampleRequest();
const count = finishedKept + 6;
const quantity = Quantity.of('0.001');

const ended = (number: number, changes: Partial<OrderRequest> = {}, order: Partial<Order> = {}): Order => {
  const id = ClientOrderId.of(`made${number}by${changes.botId === null ? 'hand' : 'bot'}`);
  const request = exampleRequest({ clientOrderId: id, quantity, ...changes });
  const filled = { status: 'filled', version: 3, filledQuantity: request.quantity } as const;
  return { ...createOrder(request, usdt, at(number)), ...filled, ...order };
};
const apply = (standing: Standing, orders: readonly Order[]): Standing =>
  orders.reduce((all, order) => applyOrder(all, order, instrument), standing);
const held = (standing: Standing, owner: OrderRequest['botId'] = botId): string =>
  Quantity.format(botStanding(standing, owner).positions.get(instrument.id) ?? Quantity.zero);
const positionOf = (amount: string, owner = botId) => ({
  ...emptyPosition({ accountId: AccountId.of('demo'), botId: owner, instrumentId: instrument.id }, usdt, at(0)),
  quantity: Quantity.of(amount),
});

describe('orders that are told again', () => {
  it.each([
    ['a bot', botId],
    ['people', null],
  ])('are booked once, however many %s had since', (_, owner) => {
    const orders = Array.from({ length: count }, (_, index) => ended(index, { botId: owner }));
    const once = apply(emptyStanding(second), orders);
    expect(held(once, owner)).toBe('0.07');
    expect(held(apply(once, orders), owner)).toBe('0.07');
    expect(held(apply(apply(once, orders), [...orders].reverse()), owner)).toBe('0.07');
    // Those that fell out of memory are the ones that it can not tell; a new one it can.
    expect(orders.map((order) => mayBeForgotten(once, order)).indexOf(false)).toBe(count - finishedKept);
    expect(held(apply(once, [ended(count, { botId: owner })]), owner)).toBe('0.071');
  });

  it('do not make a late fill of a forgotten order count what was counted', () => {
    const part = ended(0, {}, { status: 'canceled', filledQuantity: Quantity.of('0.0004') });
    const others = Array.from({ length: count }, (_, index) => ended(index + 1));
    const standing = apply(emptyStanding(second), [part, ...others]);
    const late = { ...part, version: 4, filledQuantity: Quantity.of('0.0005'), updatedAt: at(900) };
    expect(mayBeForgotten(standing, late)).toBe(true);
    expect(applyOrder(standing, late, instrument)).toBe(standing);
  });

  it('are not taken for working when an old version of a forgotten one comes', () => {
    const standing = apply(
      emptyStanding(second),
      Array.from({ length: count }, (_, index) => ended(index)),
    );
    const accepted = ended(0, {}, { status: 'accepted', version: 2, filledQuantity: Quantity.zero });
    expect(apply(standing, [accepted]).openOrders).toBe(0);
  });

  it('are in the positions when they ended before what the books show began', () => {
    const picture = { positions: [positionOf('0.5')], orders: [], knownSince: at(10) };
    const rebuilt = restoreStanding(second, picture, instruments);
    expect(held(apply(rebuilt, [ended(5)]))).toBe('0.5');
    expect(held(apply(rebuilt, [ended(11)]))).toBe('0.501');
  });
});

describe('books that are read again', () => {
  it('leave what no books tell: reservations, approvals, whose the bot is and which orders are over', () => {
    const request = exampleRequest({ clientOrderId: ClientOrderId.of('waits') });
    const old = ended(1);
    const atReading = apply(emptyStanding(second), [old]);
    const referencePrice = Price.of('100');
    const now = reserve(atReading, { request, instrument, referencePrice, approvedAt: at(20) });
    const picture = { positions: [positionOf('0.001')], orders: [], knownSince: null };
    const again = restoreStanding(second, picture, instruments, { atReading, now });
    expect(again.openOrders).toBe(1);
    expect(again.approvals).toEqual([at(20)]);
    expect(botStanding(again, botId)).toMatchObject({ userId: request.userId, approvals: [at(20)] });
    expect(again.instruments.get(instrument.id)).toEqual(now.instruments.get(instrument.id));
    expect(again.users).toEqual(now.users);
    expect(held(apply(again, [old]))).toBe('0.001');
  });

  it('do not swallow a fill that was heard while they were read', () => {
    const atReading = emptyStanding(second);
    const now = apply(atReading, [ended(1)]);
    const picture = { positions: [], orders: [], knownSince: null };
    const again = restoreStanding(second, picture, instruments, { atReading, now });
    expect(held(again)).toBe('0');
    expect(held(apply(again, [ended(1)]))).toBe('0.001');
  });

  it('need no instrument for a position of nothing', () => {
    const gone = { ...positionOf('0'), instrumentId: 'sim:OLD-USDT' as typeof instrument.id };
    const picture = { positions: [gone], orders: [], knownSince: null };
    expect(restoreStanding(second, picture, instruments).openOrders).toBe(0);
    const picture_ = { ...picture, positions: [{ ...gone, quantity }] };
    expect(() => restoreStanding(second, picture_, instruments)).toThrow('sim:OLD-USDT');
  });
});
