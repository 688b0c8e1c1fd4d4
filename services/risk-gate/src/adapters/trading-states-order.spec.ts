import { describe, expect, test } from '@jest/globals';
import { UserId } from '@scalpstorm/model';
import type { Outbox, Store } from '@scalpstorm/store';
import { FakeClock } from '@scalpstorm/testkit';
import { PostgresTradingStates } from './postgres-trading-states.js';

const user = UserId.of('usr_1');

/** A store whose transactions wait until they are let through, in the order in which they came. */
function slowStore() {
  const waiting: (() => void)[] = [];
  const written: string[] = [];
  const tx = (_parts: TemplateStringsArray, ...values: unknown[]) => {
    written.push(String(values[1]));
    return Promise.resolve([]);
  };
  const transaction = async (work: (tx: unknown) => Promise<unknown>) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return work(tx);
  };
  const letThrough = async () => {
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    waiting.shift()?.();
  };
  return { store: { transaction } as unknown as Store, written, letThrough };
}

const outbox = { add: async () => undefined, wake: () => undefined } as unknown as Outbox;

describe('halt and release, one word after the other', () => {
  test('a halt that comes while a release is being written wins, in memory and on disk', async () => {
    const { store, written, letThrough } = slowStore();
    const states = new PostgresTradingStates(store, outbox, new FakeClock());
    const halted = states.set(user, 'halted', 'first');
    await letThrough();
    await halted;

    const release = states.set(user, 'active', 'go on');
    const again = states.set(user, 'halted', 'no, stop');
    await letThrough();
    await release;
    expect(states.of(user).state).toBe('halted');
    await letThrough();
    await again;

    expect(states.of(user)).toMatchObject({ state: 'halted', text: 'no, stop' });
    expect(written).toEqual(['halted', 'active', 'halted']);
  });

  test('a halt holds before it is durable, a release does not', async () => {
    const { store, letThrough } = slowStore();
    const states = new PostgresTradingStates(store, outbox, new FakeClock());
    const halt = states.set(user, 'halted', 'stop');
    expect(states.of(user).state).toBe('halted');
    await letThrough();
    await halt;
    const release = states.set(user, 'active', '');
    expect(states.of(user).state).toBe('halted');
    await letThrough();
    await release;
    expect(states.of(user).state).toBe('active');
  });
});
