import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { describeWithServers } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import { PostgresTradingHalts } from './postgres-trading-halts.js';

const at = (seconds: number) => Timestamp.fromMicros(seconds * 1_000_000);
const ann = UserId.of('usr_ann');
const bob = UserId.of('usr_bob');

describeWithServers('the halts that execution has heard of', ({ postgresUrl }) => {
  const scratch = new ScratchSchema(postgresUrl, () => at(1));
  const opened = async () => {
    const halts = new PostgresTradingHalts(scratch.store());
    await halts.load();
    return halts;
  };

  beforeAll(() => scratch.migrate());
  afterAll(() => scratch.remove());

  it('outlive the process, for a user and for the whole platform', async () => {
    const before = await opened();
    await before.hear({ userId: ann, halted: true, text: 'drill', since: at(10) });
    const after = await opened();
    expect(after.over(ann)).toMatchObject({ text: 'drill' });
    expect(after.over(bob)).toBeNull();
    await after.hear({ userId: null, halted: true, text: 'all', since: at(11) });
    expect((await opened()).over(bob)).toMatchObject({ userId: null, text: 'all' });
    await after.hear({ userId: null, halted: false, text: '', since: at(12) });
    await after.hear({ userId: ann, halted: false, text: '', since: at(13) });
    expect((await opened()).over(ann)).toBeNull();
  });

  it('are not undone by an older word that comes again', async () => {
    const halts = await opened();
    await halts.hear({ userId: bob, halted: true, text: 'new', since: at(30) });
    await halts.hear({ userId: bob, halted: false, text: 'old', since: at(20) });
    expect(halts.over(bob)).toMatchObject({ text: 'new' });
    expect((await opened()).over(bob)).toMatchObject({ text: 'new' });
  });

  it('hold at once, also when they can not be written', async () => {
    const store = scratch.store();
    const halts = new PostgresTradingHalts(store);
    await store.close();
    await expect(halts.hear({ userId: ann, halted: true, text: 'now', since: at(40) })).rejects.toThrow();
    expect(halts.over(ann)).toMatchObject({ text: 'now' });
  });
});
