import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { silentMicros, Tellers } from './tellers.js';

const start = Timestamp.fromMicros(1_700_000_000_000_000);
const change = (number: number) => ({ teller: 'a', number, hasChange: true });
const beat = (number: number) => ({ teller: 'a', number, hasChange: false });

describe('what is heard of another gateway', () => {
  it('is whole while each change has the next number', () => {
    const tellers = new Tellers();
    expect(tellers.hear(beat(0), start)).toEqual({ isFirst: true, isNew: false, hasGap: false });
    expect(tellers.hear(change(1), start)).toEqual({ isFirst: false, isNew: true, hasGap: false });
    expect(tellers.hear(beat(1), start)).toEqual({ isFirst: false, isNew: false, hasGap: false });
    expect(tellers.hear(change(2), start)).toEqual({ isFirst: false, isNew: true, hasGap: false });
  });

  it('has a gap when a change was lost, which the next one or the next second shows, once', () => {
    const tellers = new Tellers();
    tellers.hear(change(1), start);
    expect(tellers.hear(change(3), start)).toMatchObject({ isNew: true, hasGap: true });
    expect(tellers.hear(beat(4), start)).toMatchObject({ hasGap: true });
    expect(tellers.hear(beat(4), start)).toMatchObject({ hasGap: false });
  });

  it('comes too late when it was counted as lost', () => {
    const tellers = new Tellers();
    tellers.hear(beat(2), start);
    expect(tellers.hear(change(2), start)).toMatchObject({ isNew: false, hasGap: false });
  });

  it('lacks everything that it folded before it was heard', () => {
    const tellers = new Tellers();
    expect(tellers.hear(beat(7), start)).toMatchObject({ isFirst: true, hasGap: true });
    expect(new Tellers().hear(change(2), start)).toMatchObject({ isFirst: true, isNew: true, hasGap: true });
    expect(new Tellers().hear(change(1), start)).toMatchObject({ isFirst: true, isNew: true, hasGap: false });
  });

  it('begins anew after a silence, and of others nothing is forgotten', () => {
    const tellers = new Tellers();
    tellers.hear(beat(7), start);
    tellers.hear({ ...beat(3), teller: 'b' }, Timestamp.plus(start, 1));
    tellers.forgetSilent(Timestamp.plus(start, silentMicros));
    expect(tellers.size).toBe(2);
    tellers.forgetSilent(Timestamp.plus(start, silentMicros + 1));
    expect(tellers.size).toBe(1);
    expect(tellers.hear(beat(7), start)).toMatchObject({ isFirst: true, hasGap: true });
    expect(tellers.hear({ ...beat(3), teller: 'b' }, start)).toMatchObject({ isFirst: false, hasGap: false });
  });
});
