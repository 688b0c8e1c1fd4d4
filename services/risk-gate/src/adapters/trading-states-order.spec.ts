import { describe, expect, test } from '@jest/globals';
import { RiskScope, type TradingState, UserId } from '@scalpstorm/model';
import type { Outbox, Store } from '@scalpstorm/store';
import { anOrderRequest, FakeClock } from '@scalpstorm/testkit';
import { PostgresTradingStates } from './postgres-trading-states.js';

const user = UserId.of('usr_1');
const scope = RiskScope.user(user);
const order = anOrderRequest({ userId: user });
const word = (state: TradingState, text: string) => ({
  scope,
  state,
  text,
  by: user,
  operator: false,
  ownerId: user,
});

/** A store whose transactions wait until they are let through, in the order in which they came. */
function slowStore() {
  const waiting: (() => void)[] = [];
  const written: string[] = [];
  const tx = (parts: TemplateStringsArray, ...values: unknown[]) => {
    if (parts[0]?.includes('into trading_states ')) written.push(String(values[1]));
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
    const states = new PostgresTradingStates(store, outbox, new FakeClock(), { prove: async () => undefined });
    const halted = states.set(word('halted', 'first'));
    await letThrough();
    await halted;

    const release = states.set(word('active', 'go on'));
    const again = states.set(word('halted', 'no, stop'));
    await letThrough();
    await release;
    expect(states.of(order).state).toBe('halted');
    await letThrough();
    await again;

    expect(states.of(order)).toMatchObject({ state: 'halted', text: 'no, stop' });
    expect(written).toEqual(['halted', 'active', 'halted']);
  });

  test('each word is later than the one before, also while that is being written', async () => {
    const { store, letThrough } = slowStore();
    const states = new PostgresTradingStates(store, outbox, new FakeClock(), { prove: async () => undefined });
    const halted = states.set(word('halted', 'first'));
    await letThrough();
    await halted;
    const release = states.set(word('active', 'go on'));
    const slower = states.set(word('reducing', 'rather not'));
    await letThrough();
    const earlier = await release;
    await letThrough();
    expect(Number((await slower).since)).toBeGreaterThan(Number(earlier.since));
  });

  test('what is stricter holds before it is durable, what is milder does not', async () => {
    const { store, letThrough } = slowStore();
    const states = new PostgresTradingStates(store, outbox, new FakeClock(), { prove: async () => undefined });
    const seen = () => states.of(order).state;
    for (const [state, meanwhile] of [
      ['reducing', 'reducing'],
      ['halted', 'halted'],
      ['reducing', 'halted'],
      ['active', 'reducing'],
    ] as const) {
      const said = states.set(word(state, ''));
      expect(seen()).toBe(meanwhile);
      await letThrough();
      await said;
      expect(seen()).toBe(state);
    }
  });

  test('a halt holds before it is durable, a release does not', async () => {
    const { store, letThrough } = slowStore();
    const states = new PostgresTradingStates(store, outbox, new FakeClock(), { prove: async () => undefined });
    const halt = states.set(word('halted', 'stop'));
    expect(states.of(order).state).toBe('halted');
    await letThrough();
    await halt;
    const release = states.set(word('active', ''));
    expect(states.of(order).state).toBe('halted');
    await letThrough();
    await release;
    expect(states.of(order).state).toBe('active');
  });
});
