import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Lanes } from './lanes.js';

interface Step {
  readonly key: string;
  readonly number: number;
}

/** Lanes whose items run until they are told to end. */
function controlled(concurrency: number) {
  const begun: Step[] = [];
  const endings = new Map<Step, () => void>();
  const lanes = new Lanes<Step>(concurrency, (step) => {
    begun.push(step);
    return new Promise((resolve) => endings.set(step, resolve));
  });
  const end = async (step: Step) => {
    endings.get(step)?.();
    endings.delete(step);
    await Promise.resolve();
    await new Promise(setImmediate);
  };
  return { lanes, begun, end, running: () => [...endings.keys()] };
}

describe('lanes', () => {
  test('one key runs one at a time, another key runs beside it', async () => {
    const { lanes, begun, end } = controlled(8);
    const [a1, a2, b1] = [
      { key: 'a', number: 1 },
      { key: 'a', number: 2 },
      { key: 'b', number: 1 },
    ] as const;
    lanes.add('a', a1);
    lanes.add('a', a2);
    lanes.add('b', b1);
    expect(begun).toEqual([a1, b1]);
    await end(a1);
    expect(begun).toEqual([a1, b1, a2]);
  });

  test('no more keys run at once than allowed', () => {
    const { lanes, running } = controlled(2);
    for (const key of ['a', 'b', 'c']) lanes.add(key, { key, number: 1 });
    expect(running()).toHaveLength(2);
  });

  test('a held key waits, and goes on with the repeated item first', async () => {
    const { lanes, begun, end } = controlled(4);
    const [first, second] = [
      { key: 'a', number: 1 },
      { key: 'a', number: 2 },
    ] as const;
    lanes.add('a', first);
    lanes.add('a', second);
    lanes.hold('a');
    await end(first);
    expect(begun).toEqual([first]);
    const again = { ...first };
    lanes.release('a', again);
    expect(begun).toEqual([first, again]);
    await end(again);
    expect(begun).toEqual([first, again, second]);
  });

  test('closing gives back what waits and lets what runs finish', async () => {
    const { lanes, end } = controlled(1);
    const [first, second] = [
      { key: 'a', number: 1 },
      { key: 'a', number: 2 },
    ] as const;
    lanes.add('a', first);
    lanes.add('a', second);
    expect(lanes.close()).toEqual([second]);
    const idle = lanes.idle();
    await end(first);
    await idle;
    expect(lanes.running).toBe(0);
  });

  test('whatever the interleaving, every key keeps its order', async () => {
    const arrivals = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 });
    const picks = fc.infiniteStream(fc.nat());
    await fc.assert(
      fc.asyncProperty(arrivals, picks, fc.integer({ min: 1, max: 4 }), async (keys, pick, concurrency) => {
        const { lanes, begun, end, running } = controlled(concurrency);
        keys.forEach((key, number) => {
          lanes.add(key, { key, number });
        });
        for (let open = running(); open.length > 0; open = running()) {
          const chosen = open[(pick.next().value as number) % open.length];
          if (chosen !== undefined) await end(chosen);
        }
        expect(begun).toHaveLength(keys.length);
        for (const key of ['a', 'b', 'c']) {
          const numbers = begun.filter((step) => step.key === key).map(({ number }) => number);
          expect(numbers).toEqual([...numbers].sort((x, y) => x - y));
        }
      }),
      { numRuns: 30 },
    );
  });
});
