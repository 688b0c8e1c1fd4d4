import { describe, expect, test } from '@jest/globals';
import { InTurn } from './in-turn.js';

/** Notes when each piece of work begins; it ends when the spec says so. */
function script() {
  const turns = new InTurn();
  const begun: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const run = (name: string, ...keys: string[]) =>
    turns.run(keys, () => {
      begun.push(name);
      return new Promise<string>((resolve, reject) => ends.set(name, { resolve: () => resolve(name), reject }));
    });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (name: string) => {
    ends.get(name)?.resolve();
    await settle();
  };
  return { turns, begun, ends, run, end, settle };
}

describe('work in turn', () => {
  test('waits for all that shares a key with it and was asked for before, and for nothing else', async () => {
    const { turns, begun, run, end, settle } = script();
    const all = [run('first', 'a'), run('other', 'b'), run('both', 'a', 'b'), run('after', 'b'), run('free', 'c')];
    await settle();
    expect(begun).toEqual(['first', 'other', 'free']);
    await end('first');
    expect(begun).toEqual(['first', 'other', 'free']);
    await end('other');
    expect(begun.slice(3)).toEqual(['both']);
    await end('both');
    expect(begun.slice(4)).toEqual(['after']);
    for (const name of ['after', 'free']) await end(name);
    expect(await Promise.all(all)).toEqual(['first', 'other', 'both', 'after', 'free']);
    expect(turns.size).toBe(0);
  });

  test('goes on after a failure, which only its own caller hears of', async () => {
    const { turns, ends, run, end, settle } = script();
    const failing = run('failing', 'a');
    const next = run('next', 'a');
    await settle();
    ends.get('failing')?.reject(new Error('no'));
    await expect(failing).rejects.toThrow('no');
    await settle();
    await end('next');
    expect(await next).toBe('next');
    expect(turns.size).toBe(0);
  });
});
