import { describe, expect, it } from '@jest/globals';
import { SharedGarbage } from './shared-garbage.js';

const bytes = 1_000;
const letGo = () => new WeakRef(new SharedArrayBuffer(bytes));

describe('shared memory that a thread has let go of', () => {
  it('comes back as soon as there is more of it than there may be', async () => {
    const garbage = new SharedGarbage(2 * bytes);
    const one = letGo();
    await garbage.add(bytes);
    const other = letGo();
    await garbage.add(bytes);
    await garbage.add(1);
    expect([one.deref(), other.deref()]).toEqual([undefined, undefined]);
  });
});
