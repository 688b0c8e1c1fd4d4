import { describe, expect, it } from '@jest/globals';
import { declareSideBySide } from './side-by-side.js';

/** Records what a spec would declare. */
function recorded(atOnce: number) {
  const told = new Map<string, () => void>();
  let run: () => Promise<void> = () => Promise.resolve();
  const beside = declareSideBySide(
    { atOnce },
    {
      beforeAll: (work) => {
        run = work;
      },
      it: (name, body) => void told.set(name, body),
    },
  );
  return { beside, told, run: () => run() };
}

describe('cases side by side', () => {
  it('wait together, no more at once than may, and each is told by itself', async () => {
    const { beside, told, run } = recorded(2);
    const ends = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
    const began: number[] = [];
    for (const [index, { promise }] of ends.entries())
      beside(`case ${index}`, () => {
        began.push(index);
        return promise;
      });
    const running = run();
    expect(began).toEqual([0, 1]);
    ends[1]?.reject(new Error('the second fails'));
    await expect(ends[1]?.promise).rejects.toThrow();
    ends[0]?.resolve();
    ends[2]?.resolve();
    await running;
    expect(began).toEqual([0, 1, 2]);
    expect(told.get('case 0')).not.toThrow();
    expect(told.get('case 1')).toThrow('the second fails');
    expect(told.get('case 2')).not.toThrow();
  });

  it('that never ran has not passed', () => {
    const { beside, told } = recorded(1);
    beside('lost', async () => undefined);
    expect(told.get('lost')).toThrow('was not begun');
  });
});
