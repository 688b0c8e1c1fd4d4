import { describe, expect, test } from '@jest/globals';
import { withoutKeys } from './launcher/logs.mjs';
import { namespaceOf } from './launcher/services.mjs';
import { nextDelay } from './launcher/supervisor.mjs';

describe('starting a dead process again', () => {
  test('waits half a second, then twice as long each time, at most fifteen seconds', () => {
    const delays = [];
    for (let delay; delays.length < 8; ) {
      delay = nextDelay(delay, 100);
      delays.push(delay);
    }
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  test('forgets earlier deaths after a healthy minute', () => {
    expect(nextDelay(8_000, 60_000)).toBe(500);
  });
});

describe('the namespace of an instance', () => {
  test('is one valid token, its own for every instance', () => {
    const names = ['default', 'second', 'a-name-that-is-rather-too-long-one', 'a-name-that-is-rather-too-long-two'];
    const namespaces = names.map((name) => namespaceOf(name, {}));
    for (const namespace of namespaces) expect(namespace).toMatch(/^[a-z0-9-]{1,24}$/);
    expect(new Set(namespaces).size).toBe(names.length);
  });

  test('is what the environment says', () => {
    expect(namespaceOf('default', { SCALPSTORM_NAMESPACE: 'mine' })).toBe('mine');
  });
});

describe('a log', () => {
  test('holds no key of the exchange', () => {
    const line = JSON.stringify({ rest: 'http://127.0.0.1:1', account: { apiKey: 'abc', secret: 'def' } });
    expect(withoutKeys(line)).toBe(
      '{"rest":"http://127.0.0.1:1","account":{"apiKey":"[redacted]","secret":"[redacted]"}}',
    );
  });
});
