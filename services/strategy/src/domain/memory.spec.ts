import { describe, expect, test } from '@jest/globals';
import { createOrder } from '@scalpstorm/engine';
import { Timestamp } from '@scalpstorm/kernel';
import { Currency, Money, type Order, Quantity } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { memoryFromJson, memoryToJson, newMemory, noteOrder } from './memory.js';

const now = Timestamp.fromMicros(1_000_000);
const usdt = Currency.of('USDT');

function order(over: Partial<Order> & { id?: string } = {}): Order {
  const { id, ...rest } = over;
  const request = anOrderRequest({ side: 'buy', quantity: Quantity.of('2') });
  const named = id === undefined ? request : { ...request, clientOrderId: id as never };
  return { ...createOrder(named, usdt, now), ...rest };
}

describe('what a bot remembers of its orders', () => {
  test('a version that was seen before is no news', () => {
    const first = noteOrder(newMemory({}), order({ version: 3 }));
    expect(first).not.toBeNull();
    expect(noteOrder(first?.memory ?? newMemory({}), order({ version: 3 }))).toBeNull();
    expect(noteOrder(first?.memory ?? newMemory({}), order({ version: 2 }))).toBeNull();
  });

  test('a newer version adds only what the older one had not', () => {
    const first = noteOrder(newMemory({}), order({ version: 1, filledQuantity: Quantity.of('0.5') }));
    const second = noteOrder(first?.memory ?? newMemory({}), order({ version: 4, filledQuantity: Quantity.of('2') }));
    expect(Quantity.format(first?.base ?? Quantity.zero)).toBe('0.5');
    expect(Quantity.format(second?.base ?? Quantity.zero)).toBe('1.5');
  });

  test('a fee in the base asset is not held', () => {
    const fees = [Money.of('0.002', 'BTC'), Money.of('9', 'BNB')];
    const noted = noteOrder(newMemory({}), order({ version: 1, filledQuantity: Quantity.of('2'), fees }));
    expect(Quantity.format(noted?.base ?? Quantity.zero)).toBe('1.998');
  });

  test('it is the same after it was written down and read again', () => {
    const noted = noteOrder(newMemory({ phase: 'buying' }), order({ version: 7, filledQuantity: Quantity.of('1') }));
    const memory = noted?.memory ?? newMemory({});
    const again = memoryFromJson(JSON.parse(JSON.stringify(memoryToJson(memory))));
    expect(again).toEqual(memory);
    expect(noteOrder(again, order({ version: 7 }))).toBeNull();
  });

  test('it stays bounded, and an order at work is never forgotten', () => {
    let memory = newMemory({});
    memory = noteOrder(memory, order({ id: 'atwork', version: 1, status: 'accepted' }))?.memory ?? memory;
    for (let index = 0; index < 100; index += 1) {
      memory = noteOrder(memory, order({ id: `done${index}`, version: 1, status: 'filled' }))?.memory ?? memory;
    }
    expect(memory.orders.length).toBe(32);
    expect(memory.orders.some(({ id }) => id === 'atwork')).toBe(true);
  });

  test('a stored state that is none stops the process instead of being guessed at', () => {
    expect(() => memoryFromJson({ strategy: {} })).toThrow('the stored state of a bot is not one');
  });
});
