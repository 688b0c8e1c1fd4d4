import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId } from '@scalpstorm/model';
import { FakeClock } from '@scalpstorm/testkit';
import { held } from '../../test/execution-parts.js';
import { CoalescedRetelling } from './coalesced-retelling.js';

const demo = AccountId.of('demo');
const hour = 3_600 * second;

function counted() {
  const clock = new FakeClock();
  const asked: string[] = [];
  const answers: ReturnType<typeof held<number>>[] = [];
  const inner = {
    retell: (id: AccountId) => {
      asked.push(id);
      const answer = held<number>();
      answers.push(answer);
      return answer.promise;
    },
  };
  return { clock, asked, answers, retelling: new CoalescedRetelling(inner, clock) };
}

describe('telling the orders of an account again', () => {
  it('happens once for all who ask meanwhile, and not again right after it', async () => {
    const { clock, asked, answers, retelling } = counted();
    const all = Array.from({ length: 20 }, () => retelling.retell(demo, hour));
    answers[0]?.keep(7);
    expect(new Set(await Promise.all(all))).toEqual(new Set([7]));
    clock.advance(9 * second);
    expect(await retelling.retell(demo, hour)).toBe(0);
    expect(asked).toEqual([demo]);
    clock.advance(second);
    void retelling.retell(demo, hour);
    expect(asked).toEqual([demo, demo]);
  });

  it('happens for each account, and for whoever wants more than was told', async () => {
    const { asked, answers, retelling } = counted();
    void retelling.retell(demo, 0);
    answers[0]?.keep(1);
    const more = retelling.retell(demo, hour);
    void retelling.retell(AccountId.of('other'), 0);
    answers[1]?.keep(2);
    expect(await more).toBe(2);
    expect(asked).toEqual([demo, demo, 'other']);
  });

  it('is tried again at once when it failed', async () => {
    const clock = new FakeClock();
    let tries = 0;
    const inner = {
      retell: async () => {
        tries += 1;
        if (tries === 1) throw new Error('Postgres is away');
        return 3;
      },
    };
    const retelling = new CoalescedRetelling(inner, clock);
    await expect(retelling.retell(demo, hour)).rejects.toThrow('away');
    expect(await retelling.retell(demo, hour)).toBe(3);
  });
});
