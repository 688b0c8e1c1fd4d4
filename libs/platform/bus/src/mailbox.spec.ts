import { describe, expect, test } from '@jest/globals';
import { Mailbox } from './mailbox.js';

describe('a listener’s mailbox', () => {
  test('hands over at once what nobody is waiting for', () => {
    const heard: number[] = [];
    const mailbox = new Mailbox<number>((item) => void heard.push(item), { waitingMax: 2, dropped: () => {} });
    mailbox.put(1);
    expect(heard).toEqual([1]);
  });

  test('drops the oldest when more wait than it holds, and keeps the order', async () => {
    const heard: number[] = [];
    const dropped: number[] = [];
    const turns: (() => void)[] = [];
    const deliver = (item: number) => {
      heard.push(item);
      return new Promise<void>((resolve) => turns.push(resolve));
    };
    const mailbox = new Mailbox<number>(deliver, { waitingMax: 2, dropped: (item) => void dropped.push(item) });
    for (const item of [1, 2, 3, 4, 5]) mailbox.put(item);
    expect({ heard, dropped, waiting: mailbox.waiting }).toEqual({ heard: [1], dropped: [2, 3], waiting: 2 });
    while (heard.length < 3) {
      turns.shift()?.();
      await new Promise(setImmediate);
    }
    expect(heard).toEqual([1, 4, 5]);
  });

  test('forgets everything when it is closed', () => {
    const heard: number[] = [];
    const mailbox = new Mailbox<number>(() => new Promise<void>(() => {}), { waitingMax: 2, dropped: () => {} });
    mailbox.put(1);
    mailbox.put(2);
    mailbox.close();
    mailbox.put(3);
    expect({ heard, waiting: mailbox.waiting }).toEqual({ heard: [], waiting: 0 });
  });

  test('hands over only the newest of several that wait under one key, in the place of the first', async () => {
    const heard: string[] = [];
    const dropped: string[] = [];
    const turns: (() => void)[] = [];
    const deliver = (item: string) => {
      heard.push(item);
      return new Promise<void>((resolve) => turns.push(resolve));
    };
    const keyOf = (item: string): string | null => (item.startsWith('free') ? null : item.slice(0, 1));
    const mailbox = new Mailbox<string>(deliver, { waitingMax: 9, keyOf, dropped: (item) => void dropped.push(item) });
    for (const item of ['a1', 'b1', 'free', 'c1', 'b2', 'free', 'a2', 'b3']) mailbox.put(item);
    while (turns.length > 0) {
      turns.shift()?.();
      await new Promise(setImmediate);
    }
    expect(heard).toEqual(['a1', 'b3', 'free', 'c1', 'free', 'a2']);
    expect(dropped).toEqual(['b1', 'b2']);
  });

  test('hands over a long queue without a pause where nothing may overtake it', async () => {
    const busyMs = 6;
    let heard = 0;
    const deliver = async () => {
      for (const until = performance.now() + busyMs; performance.now() < until; );
      heard += 1;
    };
    const mailbox = new Mailbox<number>(deliver, { waitingMax: 100, isUnbroken: true, dropped: () => {} });
    for (let item = 0; item < 10; item += 1) mailbox.put(item);
    await new Promise(setImmediate);
    expect(heard).toBe(10);
  });

  test('gives everything else its turn while a long queue is worked off', async () => {
    const mailbox = new Mailbox<number>((item) => pass(item), { waitingMax: 100, dropped: () => {} });
    let [heard, turns] = [0, 0];
    const pass = async (ms: number) => {
      const until = performance.now() + ms;
      while (performance.now() < until);
      heard += 1;
    };
    for (let item = 0; item < 20; item += 1) mailbox.put(3);
    while (heard < 20) {
      await new Promise(setImmediate);
      turns += 1;
    }
    expect(turns).toBeGreaterThan(3);
  });
});
