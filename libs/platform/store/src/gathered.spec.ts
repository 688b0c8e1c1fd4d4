import { describe, expect, it } from '@jest/globals';
import { StoreBusy } from './errors.js';
import { Gathered } from './gathered.js';

describe('Gathered', () => {
  it('answers what is asked in one turn in one go, each its own', async () => {
    const batches: number[][] = [];
    const doubled = new Gathered<number, number>(async (questions) => {
      batches.push([...questions]);
      return questions.map((question) => question * 2);
    });
    expect(await Promise.all([1, 2, 3].map((question) => doubled.ask(question)))).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('begins anew for what is asked while others are answered: no answer is older than its question', async () => {
    let value = 'before';
    const gates: (() => void)[] = [];
    const told = new Gathered<null, string>(async (questions) => {
      const read = value;
      await new Promise<void>((resolve) => gates.push(resolve));
      return questions.map(() => read);
    });
    const first = told.ask(null);
    await new Promise((resolve) => setImmediate(resolve));
    value = 'after';
    const second = told.ask(null);
    gates.shift()?.();
    expect(await first).toBe('before');
    await new Promise((resolve) => setImmediate(resolve));
    gates.shift()?.();
    expect(await second).toBe('after');
  });

  it('fails those that were asked together, and goes on with the next; also when an answer is missing', async () => {
    let answers: readonly number[] | Error = new Error('away');
    const gathered = new Gathered<number, number>(async () => {
      if (answers instanceof Error) throw answers;
      return answers;
    });
    const failed = await Promise.allSettled([gathered.ask(1), gathered.ask(2)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    answers = [1];
    await expect(Promise.all([gathered.ask(1), gathered.ask(2)])).rejects.toThrow('2 questions got 1 answers');
    expect(await gathered.ask(1)).toBe(1);
    await gathered.settled();
  });

  it('refuses more than may wait', async () => {
    const gathered = new Gathered<number, number>(async (questions) => questions, { waitingMax: 1 });
    const first = gathered.ask(1);
    await expect(gathered.ask(2)).rejects.toThrow(StoreBusy);
    expect(await first).toBe(1);
  });
});
