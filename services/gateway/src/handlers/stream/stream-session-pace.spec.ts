import { beforeEach, describe, expect, it } from '@jest/globals';
import { Price } from '@scalpstorm/model';
import { aTrade, eventually } from '@scalpstorm/testkit';
import { alice, bob, StreamWorld } from '../../../test/stream-world.js';
import { keptMax } from '../../domain/change-log.js';
import { heartbeatMicros, slowBytes, slowForMicros } from './stream-session.js';

describe('a session of the stream that is slow or was cut off', () => {
  let world: StreamWorld;

  beforeEach(() => {
    world = new StreamWorld();
  });

  it('holds back what a slow client cannot take, and sends it when it has drained', async () => {
    const { peer } = await world.loggedIn('alice', ['orders', 'prices']);
    peer.bufferedBytes = slowBytes + 1;
    world.change(alice, 'orders', 'held back');
    world.board.trade(aTrade());
    world.hub.tick();
    expect(peer.on('orders')).toHaveLength(1);
    expect(peer.on('prices')).toHaveLength(1);
    peer.bufferedBytes = 0;
    world.hub.tick();
    expect(peer.on('orders').at(-1)).toEqual(['delta', 2, ['held back']]);
    expect(peer.on('prices').at(-1)).toEqual(['snapshot', 2, [expect.objectContaining({ symbol: 'BTC-USDT' })]]);
  });

  it('tells a client that missed more than is kept of the gap, and starts again', async () => {
    const { peer } = await world.loggedIn('alice', ['orders']);
    peer.bufferedBytes = slowBytes + 1;
    for (let row = 0; row <= keptMax; row += 1) world.change(alice, 'orders', row);
    peer.bufferedBytes = 0;
    world.snapshots.rows.orders = ['all of it'];
    world.hub.tick();
    await eventually(() => expect(peer.on('orders').at(-1)).toEqual(['snapshot', keptMax + 2, ['all of it']]));
    expect(peer.frames).toContainEqual(expect.objectContaining({ op: 'gap', ch: 'orders', reason: 'slow_consumer' }));
  });

  it('cuts off a client that stays slow, and says why', async () => {
    const { peer } = await world.loggedIn('alice', ['orders']);
    peer.bufferedBytes = slowBytes + 1;
    world.change(alice, 'orders', 'held back');
    world.hub.tick();
    world.clock.advance(slowForMicros - 1);
    world.hub.tick();
    expect(peer.closedWith).toBeNull();
    world.clock.advance(1);
    world.hub.tick();
    expect([peer.closedWith, peer.closedFor]).toEqual([4413, expect.stringContaining('slow_consumer')]);
  });

  it('says that all is well when nothing happens', async () => {
    const { peer } = await world.loggedIn('alice', ['orders']);
    world.clock.advance(heartbeatMicros);
    world.hub.tick();
    world.hub.tick();
    expect(peer.frames.filter(({ op }) => op === 'heartbeat')).toHaveLength(1);
  });

  describe('after a cut', () => {
    const cut = async (channels: readonly string[]) => {
      const first = await world.loggedIn('alice', channels);
      const epochs = new Map(first.peer.frames.map(({ ch, epoch }) => [ch, epoch as string]));
      first.session.onClose();
      return (channel: string, seq: number) => ({ [channel]: { epoch: epochs.get(channel) ?? '', seq } });
    };
    const back = async (channel: string, resume: object) => {
      const client = await world.loggedIn('alice', []);
      client.say({ op: 'subscribe', channels: [channel], resume });
      await eventually(() => expect(client.peer.on(channel)).toHaveLength(1));
      return client.peer;
    };

    it('a client goes on where it was: what it missed, and then the next number', async () => {
      const at = await cut(['orders']);
      for (const row of ['one', 'two', 'three']) world.change(alice, 'orders', row);
      world.change(bob, 'orders', "bob's");
      const peer = await back('orders', at('orders', 2));
      world.change(alice, 'orders', 'four');
      expect(peer.on('orders')).toEqual([
        ['resumed', 4, ['two', 'three']],
        ['delta', 5, ['four']],
      ]);
    });

    it('a client that missed nothing is told so', async () => {
      const at = await cut(['orders']);
      expect((await back('orders', at('orders', 1))).on('orders')).toEqual([['resumed', 1, []]]);
    });

    it('prices go on with what changed meanwhile, merged', async () => {
      world.board.trade(aTrade({ price: Price.of('1') }));
      const at = await cut(['prices']);
      for (const price of ['2', '3']) {
        world.board.trade(aTrade({ price: Price.of(price) }));
        world.hub.tick();
      }
      expect((await back('prices', at('prices', 1))).on('prices')).toEqual([
        ['resumed', 3, [expect.objectContaining({ last: '3' })]],
      ]);
      expect((await back('prices', at('prices', 9))).heads('prices')).toEqual([['snapshot', 3]]);
    });

    it.each([
      ['missed more than is kept', () => ({ rows: keptMax + 1, advance: 0, resume: {} })],
      ['was away for longer than five minutes', () => ({ rows: 1, advance: 300_000_001, resume: {} })],
      ['names a number that was never given', () => ({ rows: 0, advance: 0, resume: { seq: 7 } })],
      ['was with another gateway', () => ({ rows: 0, advance: 0, resume: { epoch: 'other' } })],
    ])('a client that %s gets a snapshot', async (_, what) => {
      const at = await cut(['fills']);
      const { rows, advance, resume } = what();
      for (let row = 0; row < rows; row += 1) world.change(alice, 'fills', row);
      world.clock.advance(advance);
      world.change(alice, 'fills', 'newest');
      const point = { ...at('fills', 1)['fills'], ...resume };
      expect((await back('fills', { fills: point })).heads('fills')).toEqual([['snapshot', rows + 2]]);
    });

    it('nobody goes on with what belongs to somebody else', async () => {
      const at = await cut(['orders']);
      world.change(alice, 'orders', "alice's secret");
      const other = await world.loggedIn('bob', []);
      other.say({ op: 'subscribe', channels: ['orders'], resume: at('orders', 1) });
      await eventually(() => expect(other.peer.heads('orders')).toEqual([['snapshot', 1]]));
      expect(JSON.stringify(other.peer.frames)).not.toContain('alice');
    });

    it('what nobody comes back for is forgotten', async () => {
      const at = await cut(['orders']);
      world.clock.advance(300_000_001);
      for (let tick = 0; tick < 100; tick += 1) world.hub.tick();
      expect(world.hub.usersOf('orders')).toEqual(new Set());
      expect((await back('orders', at('orders', 1))).heads('orders')).toEqual([['snapshot', 1]]);
    });
  });

  it('reads a snapshot again when the database was away', async () => {
    const { peer, say } = await world.loggedIn('alice', []);
    world.snapshots.failing = true;
    say({ op: 'subscribe', channels: ['fills'] });
    await eventually(() => expect(world.faults).toHaveLength(1));
    world.snapshots.failing = false;
    world.hub.tick();
    await eventually(() => expect(peer.on('fills')).toHaveLength(1));
  });
});
