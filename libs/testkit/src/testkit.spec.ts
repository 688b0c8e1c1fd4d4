import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { checkFilters, isFinal, Price, Quantity } from '@scalpstorm/model';
import { anInstrument, anOrder, anOrderRequest } from './builders.js';
import { eventually } from './eventually.js';
import { FakeClock } from './fake-clock.js';
import { declareWithServers, type SpecGlobals, testServers, uniqueNamespace } from './servers.js';

const complete = {
  TEST_NATS_URL: 'nats://127.0.0.1:1',
  TEST_POSTGRES_URL: 'postgres://127.0.0.1:2/x',
  TEST_REDIS_URL: 'redis://127.0.0.1:3',
  TEST_NATS_PASSWORDS: '{"admin":"a"}',
};

/** Records what a spec would declare, and runs the bodies at once. */
function recordingGlobals() {
  const declared: string[] = [];
  const tests: (() => void)[] = [];
  const describeNow = (kind: string) => (name: string, body: () => void) => {
    declared.push(`${kind}: ${name}`);
    body();
  };
  const globals: SpecGlobals = {
    describe: Object.assign(describeNow('run'), { skip: describeNow('skip') }),
    it: (_name, body) => {
      tests.push(body);
    },
  };
  return { declared, tests, globals };
}

describe('the builders', () => {
  it('make an order that the instrument accepts', () => {
    const { price, quantity } = anOrderRequest();
    expect(checkFilters(anInstrument(), price ?? Price.zero, quantity)).toEqual({ ok: true, value: null });
    expect(isFinal(anOrder().status)).toBe(false);
  });

  it('change only what the test names', () => {
    expect(anOrderRequest({ side: 'sell', quantity: Quantity.of('2') })).toEqual({
      ...anOrderRequest(),
      side: 'sell',
      quantity: Quantity.of('2'),
    });
  });
});

describe('FakeClock', () => {
  it('moves only when it is told to', () => {
    const clock = new FakeClock();
    const start = clock.now();
    expect(clock.now()).toBe(start);
    expect(clock.advance(second)).toBe(start + 1_000_000);
    expect(clock.now()).toBe(start + 1_000_000);
  });
});

describe('eventually', () => {
  it('waits until the assertion holds and gives back its value', async () => {
    let calls = 0;
    const value = await eventually(
      () => {
        calls += 1;
        if (calls < 3) throw new Error('not yet');
        return calls;
      },
      { everyMs: 1 },
    );
    expect(value).toBe(3);
  });

  it('throws the last error when the time is up', async () => {
    const never = () => Promise.reject(new Error('still wrong'));
    await expect(eventually(never, { timeoutMs: 5, everyMs: 1 })).rejects.toThrow('still wrong');
  });
});

describe('testServers', () => {
  it('reads the addresses and passwords', () => {
    expect(testServers(complete)).toEqual({
      natsUrl: complete.TEST_NATS_URL,
      postgresUrl: complete.TEST_POSTGRES_URL,
      redisUrl: complete.TEST_REDIS_URL,
      natsPasswords: { admin: 'a' },
    });
  });

  it('says which variable is missing and what to do', () => {
    expect(() => testServers({ ...complete, TEST_REDIS_URL: '' })).toThrow(/TEST_REDIS_URL is not set.*npm test/);
  });

  it('gives every spec a namespace of its own that is a legal one', () => {
    const namespaces = new Set(Array.from({ length: 100 }, uniqueNamespace));
    expect(namespaces.size).toBe(100);
    for (const namespace of namespaces) expect(namespace).toMatch(/^[a-z0-9-]{1,24}$/);
  });
});

describe('describeWithServers', () => {
  const spec = { name: 'the store', body: () => undefined };

  it('runs the spec with the servers that are there', () => {
    const { declared, globals } = recordingGlobals();
    const seen: string[] = [];
    declareWithServers({ name: 'the store', body: (servers) => seen.push(servers.natsUrl) }, complete, globals);
    expect(declared).toEqual(['run: the store']);
    expect(seen).toEqual([complete.TEST_NATS_URL]);
  });

  it.each([{ CI: 'true' }, { SCALPSTORM_TEST_SERVERS: 'required' }])(
    'fails where servers are promised: %j',
    (promise) => {
      const { declared, tests, globals } = recordingGlobals();
      declareWithServers(spec, promise, globals);
      expect(declared).toEqual(['run: the store']);
      expect(tests).toHaveLength(1);
      expect(() => tests[0]?.()).toThrow('TEST_NATS_URL, TEST_POSTGRES_URL, TEST_REDIS_URL are not set');
    },
  );

  it('is counted as skipped, with the reason, elsewhere', () => {
    const { declared, tests, globals } = recordingGlobals();
    declareWithServers(spec, {}, globals);
    expect(declared).toEqual(['skip: the store (skipped: TEST_NATS_URL, TEST_POSTGRES_URL, TEST_REDIS_URL not set)']);
    expect(tests).toHaveLength(1);
  });
});
