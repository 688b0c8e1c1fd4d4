import { describe, expect, test } from '@jest/globals';
import { createOrder } from '@scalpstorm/engine';
import { Timestamp } from '@scalpstorm/kernel';
import { BotId, ClientOrderId, Currency, type Leg, Money, type Order, Quantity } from '@scalpstorm/model';
import { aFill, anOrderRequest } from '@scalpstorm/testkit';
import { type BotMemory, memoryFromJson, memoryToJson, newMemory, noteOrder } from './memory.js';

const now = Timestamp.fromMicros(1_000_000);
const usdt = Currency.of('USDT');
const botId = BotId.of('bot_00000001');
const empty = newMemory({});

const idOf = (attempt: number, cycle = 0, leg: Leg = 'entry') => ClientOrderId.forSlot({ botId, cycle, leg, attempt });

function order(over: Partial<Order> & { id?: ClientOrderId } = {}): Order {
  const { id = idOf(0), ...rest } = over;
  const request = anOrderRequest({ clientOrderId: id, side: 'buy', quantity: Quantity.of('2') });
  return { ...createOrder(request, usdt, now), ...rest };
}

const filled = (quantity: string, version: number) => order({ version, filledQuantity: Quantity.of(quantity) });
const fill = (quantity: string) => aFill({ quantity: Quantity.of(quantity) });

/** After so many orders that came to nothing, one after the other. */
function after(memory: BotMemory, attempts: number, cycle = 0): BotMemory {
  let next = memory;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    next = noteOrder(next, order({ id: idOf(attempt, cycle), version: 1, status: 'canceled' }), null)?.memory ?? next;
  }
  return next;
}

describe('what a bot remembers of its orders', () => {
  test('a version that was seen before is no news', () => {
    const first = noteOrder(empty, order({ version: 3 }), null);
    expect(first).not.toBeNull();
    expect(noteOrder(first?.memory ?? empty, order({ version: 3 }), null)).toBeNull();
    expect(noteOrder(first?.memory ?? empty, order({ version: 2 }), null)).toBeNull();
  });

  test('a newer version adds only what the older one had not', () => {
    const first = noteOrder(empty, filled('0.5', 1), fill('0.5'));
    const second = noteOrder(first?.memory ?? empty, filled('2', 2), fill('1.5'));
    expect(Quantity.format(first?.base ?? Quantity.zero)).toBe('0.5');
    expect(Quantity.format(second?.base ?? Quantity.zero)).toBe('1.5');
    expect([first?.fills, second?.fills]).toEqual([1, 1]);
  });

  test('versions that were missed add what they filled, and count as one fill at least', () => {
    const first = noteOrder(empty, filled('0.5', 1), fill('0.5'));
    const withFill = noteOrder(first?.memory ?? empty, filled('2', 4), fill('1'));
    expect([withFill?.fills, Quantity.format(withFill?.base ?? Quantity.zero)]).toEqual([2, '1.5']);
    const without = noteOrder(first?.memory ?? empty, filled('2', 4), null);
    expect([without?.fills, Quantity.format(without?.base ?? Quantity.zero)]).toEqual([1, '1.5']);
    expect(noteOrder(first?.memory ?? empty, filled('0.5', 4), null)).toMatchObject({ fills: 0, base: 0n });
  });

  test('a fee in the base asset is not held', () => {
    const fees = [Money.of('0.002', 'BTC'), Money.of('9', 'BNB')];
    const noted = noteOrder(empty, order({ version: 1, filledQuantity: Quantity.of('2'), fees }), fill('2'));
    expect(Quantity.format(noted?.base ?? Quantity.zero)).toBe('1.998');
  });

  test('it is the same after it was written down and read again', () => {
    const noted = noteOrder(newMemory({ phase: 'buying' }), filled('1', 7), fill('1'));
    const memory = after(noted?.memory ?? empty, 50, 1);
    const again = memoryFromJson(JSON.parse(JSON.stringify(memoryToJson(memory))));
    expect(again).toEqual(memory);
    expect(noteOrder(again, filled('1', 7), null)).toBeNull();
  });

  test('it stays bounded, and an order at work is never forgotten', () => {
    const atWork = idOf(0, 0, 'exit');
    const noted = noteOrder(empty, order({ id: atWork, version: 1, status: 'accepted' }), null);
    const memory = after(noted?.memory ?? empty, 100);
    expect(memory.orders.length).toBe(32);
    expect(memory.orders.some(({ id }) => id === atWork)).toBe(true);
  });

  test('orders that were forgotten are not counted again when a stream is replayed', () => {
    const first = noteOrder(empty, { ...filled('2', 5), status: 'filled' }, fill('2'));
    const memory = after(first?.memory ?? empty, 40, 1);
    expect(memory.orders.some(({ id }) => id === idOf(0))).toBe(false);
    expect(noteOrder(memory, { ...filled('2', 5), status: 'filled' }, fill('2'))).toBeNull();
    expect(noteOrder(memory, order({ id: idOf(3, 1), version: 9 }), null)).toBeNull();
    expect(noteOrder(memory, order({ id: idOf(40, 1), version: 1 }), null)).not.toBeNull();
    expect(noteOrder(memory, order({ id: idOf(0, 2), version: 1 }), null)).not.toBeNull();
    expect(noteOrder(memory, order({ id: idOf(0, 0, 'exit'), version: 1 }), null)).not.toBeNull();
  });

  test('of a bot with several lanes each counts on its own, also after a restart', () => {
    const done = (memory: BotMemory, cycle: number) =>
      noteOrder(memory, order({ id: idOf(0, cycle), version: 1, status: 'canceled' }), null)?.memory ?? memory;
    let memory = newMemory({}, 64);
    for (let round = 0; round < 200; round += 1) memory = done(memory, 3 + 64 * round);
    memory = memoryFromJson(JSON.parse(JSON.stringify(memoryToJson(memory))));
    expect(memory.orders.some(({ id }) => id === idOf(0, 3))).toBe(false);
    expect(noteOrder(memory, order({ id: idOf(0, 3), version: 9 }), null)).toBeNull();
    // The first order of another rung, whose number is smaller than all that was forgotten.
    expect(noteOrder(memory, order({ id: idOf(0, 2), version: 1 }), null)).not.toBeNull();
  });

  test('what could not be read keeps the version that may trade live, until a newer one is allowed', () => {
    const found = memoryToJson({ ...newMemory({ phase: 'buying' }), certified: 'before' });
    const since = { ...newMemory({}), unreadable: found };
    expect(memoryFromJson(memoryToJson(since))).toMatchObject({ strategy: { phase: 'buying' }, certified: 'before' });
    expect(memoryFromJson(memoryToJson({ ...since, certified: 'since' })).certified).toBe('since');
  });

  test('a stored state that is none stops the process instead of being guessed at', () => {
    expect(() => memoryFromJson({ strategy: {} })).toThrow('the stored state of a bot is not one');
  });
});
