import { describe, expect, test } from '@jest/globals';
import { Mailbox } from './mailbox.js';

describe('a listener’s mailbox', () => {
  test('hands over at once what nobody is waiting for', () => {
    const heard: number[] = [];
    const mailbox = new Mailbox<number>(
      2,
      (item) => void heard.push(item),
      () => {},
    );
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
    const mailbox = new Mailbox<number>(2, deliver, (item) => void dropped.push(item));
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
    const mailbox = new Mailbox<number>(
      2,
      () => new Promise<void>(() => {}),
      () => {},
    );
    mailbox.put(1);
    mailbox.put(2);
    mailbox.close();
    mailbox.put(3);
    expect({ heard, waiting: mailbox.waiting }).toEqual({ heard: [], waiting: 0 });
  });
});
