import { beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@scalpstorm/testkit';
import { StreamWorld } from '../../../test/stream-world.js';
import { snapshotsAtOnceMax } from './snapshot-slots.js';
import { loadsPerSessionMax, unreadBytesMax } from './stream-session.js';

const own = ['bots', 'orders', 'fills', 'activity', 'accounts', 'state'];

describe('what a session of the stream may cost', () => {
  let world: StreamWorld;

  beforeEach(() => {
    world = new StreamWorld();
  });

  it('each frame counts in the limit of its user, and the session ends above it', async () => {
    const { peer, say } = await world.loggedIn('alice', []);
    world.rateLimits.left = 2;
    say({ op: 'subscribe', channels: ['bots'] });
    say({ op: 'unsubscribe', channels: ['bots'] });
    say({ op: 'subscribe', channels: ['bots'] });
    await eventually(() => expect(peer.closedWith).toBe(4429));
    expect(peer.closedFor).toContain('RATE_LIMITED');
    expect(world.snapshots.reads).toBe(1);
  });

  it('few snapshots are read at once for one session, however often it subscribes, and all come in the end', async () => {
    let open = (): void => undefined;
    world.snapshots.gate = new Promise((resolve) => {
      open = resolve;
    });
    const { peer, say } = await world.loggedIn('alice', []);
    for (let count = 0; count < 50; count += 1) say({ op: 'subscribe', channels: own });
    await eventually(() => expect(peer.frames.filter(({ op }) => op === 'subscribed')).toHaveLength(50));
    world.hub.tick();
    expect(world.snapshots.reads).toBe(loadsPerSessionMax);
    open();
    await eventually(() => {
      for (const channel of own) expect(peer.on(channel)).toHaveLength(1);
    });
    expect(world.snapshots.reads).toBeLessThanOrEqual(own.length + loadsPerSessionMax);
  });

  it('few snapshots are read at once for all sessions together', async () => {
    let open = (): void => undefined;
    world.snapshots.gate = new Promise((resolve) => {
      open = resolve;
    });
    const clients: Awaited<ReturnType<typeof world.loggedIn>>[] = [];
    for (let count = 0; count < snapshotsAtOnceMax; count += 1) clients.push(await world.loggedIn('alice', []));
    for (const { say } of clients) say({ op: 'subscribe', channels: ['bots', 'fills'] });
    await eventually(() => {
      for (const { peer } of clients) expect(peer.frames.at(-1)).toMatchObject({ op: 'subscribed' });
    });
    world.hub.tick();
    expect(world.snapshots.reads).toBe(snapshotsAtOnceMax);
    open();
    await eventually(() => {
      world.hub.tick();
      for (const { peer } of clients) expect(peer.on('fills')).toHaveLength(1);
    });
  });

  it('nothing is read or sent for a client that has not taken what it has', async () => {
    const { peer, say } = await world.loggedIn('alice', []);
    peer.bufferedBytes = 64_001;
    say({ op: 'subscribe', channels: ['bots', 'prices', 'candles:sim:BTC-USDT:1s'] });
    await eventually(() => expect(peer.frames.at(-1)).toMatchObject({ op: 'subscribed' }));
    world.hub.tick();
    expect([world.snapshots.reads, peer.on('prices'), peer.on('candles:sim:BTC-USDT:1s')]).toEqual([0, [], []]);
    peer.bufferedBytes = 0;
    world.hub.tick();
    await eventually(() => expect(peer.on('bots')).toHaveLength(1));
    expect(peer.on('prices')).toHaveLength(1);
  });

  it('a client that does not read is closed at a number of bytes', async () => {
    const { peer, say } = await world.loggedIn('alice', []);
    peer.bufferedBytes = unreadBytesMax + 1;
    say({ op: 'ping' });
    await eventually(() => expect([peer.closedWith, peer.closedFor]).toEqual([4413, expect.stringContaining('read')]));
  });
});
