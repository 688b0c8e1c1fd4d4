import { describe, expect, test } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { HearingLag } from './hearing-lag.js';

describe('who hears of orders', () => {
  const setUp = () => {
    let now = Timestamp.fromMillis(1_800_000_000_000);
    const lag = new HearingLag({ now: () => now });
    const pass = (seconds: number) => {
      now = Timestamp.plus(now, seconds * second);
    };
    const hear = (seconds: number) => lag.heard(Timestamp.plus(now, -seconds * second));
    return { lag, pass, hear };
  };

  test('is up to date while nothing, or only fresh news, was heard', () => {
    const { lag, hear } = setUp();
    expect(lag.isCatchingUp).toBe(false);
    hear(4);
    expect(lag.isCatchingUp).toBe(false);
  });

  test('catches up from the first late news until half a minute after the last', () => {
    const { lag, hear, pass } = setUp();
    hear(60);
    expect(lag.isCatchingUp).toBe(true);
    pass(29);
    hear(6);
    pass(29);
    hear(0);
    expect(lag.isCatchingUp).toBe(true);
    pass(2);
    expect(lag.isCatchingUp).toBe(false);
  });
});
