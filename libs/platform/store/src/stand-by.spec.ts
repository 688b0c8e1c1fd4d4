import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { HealthRegistry } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { type ScratchStore, scratchStore } from '../test/scratch-store.js';
import { Lease } from './lease.js';
import { StandBy } from './stand-by.js';

describeWithServers('standing by for the lease', ({ postgresUrl }) => {
  let scratch: ScratchStore;
  const processes: StandBy[] = [];

  beforeEach(async () => {
    scratch = await scratchStore(postgresUrl);
  });

  afterEach(async () => {
    for (const standBy of processes.splice(0)) await standBy.onApplicationShutdown();
    await scratch.drop();
  });

  function newProcess() {
    const lease = new Lease(scratch.store, { onLost: () => undefined, steadyMs: () => 0 });
    const health = new HealthRegistry();
    const standBy = new StandBy({ lease, health, log: new RecordingLog() });
    processes.push(standBy);
    const state = async () => (await health.report()).checks['lease'];
    return { standBy, lease, state };
  }

  it('the second waits and says for whom, and has its turn when the first has ended', async () => {
    const [first, second] = [newProcess(), newProcess()];
    expect(await first.standBy.run()).toBe(true);
    const turn = second.standBy.run();
    await eventually(async () =>
      expect(await second.state()).toMatchObject({
        status: 'down',
        error: expect.stringContaining('waiting for the lease'),
      }),
    );
    expect([await first.state(), first.lease.isHeld, second.lease.isHeld]).toMatchObject([
      { status: 'up' },
      true,
      false,
    ]);
    await first.standBy.onApplicationShutdown();
    expect(await turn).toBe(true);
    expect(second.lease.isHeld).toBe(true);
    await eventually(async () => expect(await second.state()).toMatchObject({ status: 'up' }));
  });

  it('is told when it is stopped before its turn came', async () => {
    const [first, second] = [newProcess(), newProcess()];
    await first.standBy.run();
    const turn = second.standBy.run();
    await second.standBy.onApplicationShutdown();
    expect(await turn).toBe(false);
    expect(first.lease.isHeld).toBe(true);
  });

  it('takes over from one that died elsewhere when its time is over, and that one learns it', async () => {
    await scratch.store.sql`insert into lease values (true, 3, 'elsewhere/1/x', now() + interval '1 second')`;
    const { standBy, lease } = newProcess();
    expect(await standBy.run()).toBe(true);
    expect(lease.isHeld).toBe(true);
    expect(await scratch.store.sql`select token::int as token from lease`).toEqual([{ token: 4 }]);
  });
});
