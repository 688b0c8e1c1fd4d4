import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LiveChange } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import { eventually } from '@scalpstorm/testkit';
import { alice, bob } from '../../../test/stream-world.js';
import { Air, ToldGateway } from '../../../test/told-gateways.js';
import { greetedMicros, silentMicros } from '../../domain/tellers.js';

const at = Timestamp.fromMicros(1_700_000_000_000_000);
const order = (id: string, version: number, userId: UserId = alice): LiveChange => ({
  channel: 'orders',
  userId,
  row: { id, version },
  entity: { id, rank: version },
  at,
});
const state = (userId: UserId | null): LiveChange => ({ channel: 'state', userId, row: null, entity: null, at });

describe('changes that one of two gateways folds', () => {
  let air: Air;
  let here: ToldGateway;
  let there: ToldGateway;

  beforeEach(() => {
    air = new Air();
    here = new ToldGateway(air);
    there = new ToldGateway(air);
    here.tells.beat();
    there.tells.beat();
  });

  const both = async (token: string, channels: readonly string[]) =>
    [await here.loggedIn(token, channels), await there.loggedIn(token, channels)].map(({ peer }) => peer);
  const lost = async (work: () => Promise<void>) => {
    air.isLosing = true;
    await work();
    air.isLosing = false;
  };
  const gaps = (frames: readonly Record<string, unknown>[]) => frames.filter(({ op }) => op === 'gap');

  it('are shown at both, once, with the next number, and to their owner alone', async () => {
    const peers = [...(await both('alice', ['orders'])), ...(await both('bob', ['orders']))];
    await here.tells.tell(order('a', 1));
    await there.tells.tell(order('a', 2));
    await here.tells.tell(order('b', 1));
    const [ours, theirs, ...strangers] = peers.map((peer) => peer.on('orders').slice(1));
    expect(ours).toEqual([
      ['delta', 2, [{ id: 'a', version: 1 }]],
      ['delta', 3, [{ id: 'a', version: 2 }]],
      ['delta', 4, [{ id: 'b', version: 1 }]],
    ]);
    expect([theirs, strangers]).toEqual([ours, [[], []]]);
    expect([await here.renewals(), await there.renewals()]).toEqual([0, 0]);
  });

  it('are shown everywhere when they concern everybody', async () => {
    const peers = [...(await both('alice', ['activity'])), ...(await both('bob', ['activity']))];
    await here.tells.tell({ channel: 'activity', userId: null, row: { id: 'x' }, entity: null, at });
    for (const peer of peers)
      expect(peer.heads('activity')).toEqual([
        ['snapshot', 1],
        ['delta', 2],
      ]);
  });

  it('are not shown when a newer state of the same thing was told before', async () => {
    const peers = await both('alice', ['orders']);
    await there.tells.tell(order('a', 3));
    await here.tells.tell(order('a', 2));
    for (const peer of peers) {
      expect(peer.on('orders').slice(1)).toEqual([['delta', 2, [{ id: 'a', version: 3 }]]]);
    }
  });

  it('that come again are not trusted: their owner looks anew at both, and nobody else', async () => {
    const peers = await both('alice', ['orders', 'fills']);
    const strangers = await both('bob', ['orders']);
    await here.tells.tell(order('a', 1), false);
    for (const peer of peers) {
      await eventually(() => expect(peer.heads('orders')).toHaveLength(2));
      expect(peer.heads('orders')).toEqual([
        ['snapshot', 1],
        ['snapshot', 1],
      ]);
      expect(gaps(peer.frames)).toEqual([expect.objectContaining({ ch: 'orders', reason: 'changes_lost' })]);
      expect(peer.heads('fills')).toHaveLength(1);
    }
    for (const peer of strangers) expect(peer.heads('orders')).toHaveLength(1);
  });

  describe('and are lost on the way', () => {
    it('are noticed within a second: everybody at the other looks anew, and nobody goes on from before', async () => {
      const [ours, theirs] = await both('alice', ['orders']);
      const cut = await there.loggedIn('alice', ['orders']);
      const epoch = cut.peer.frames.find(({ ch }) => ch === 'orders')?.['epoch'];
      cut.session.onClose();
      await lost(() => here.tells.tell(order('a', 1)));
      there.snapshots.rows.orders = [{ id: 'a', version: 1 }];
      here.tells.beat();
      await eventually(() => expect(theirs?.on('orders')).toHaveLength(2));
      expect(theirs?.on('orders')[1]).toEqual(['snapshot', 1, [{ id: 'a', version: 1 }]]);
      expect([gaps(ours?.frames ?? []).length, gaps(theirs?.frames ?? []).length]).toEqual([0, 1]);
      expect([await here.renewals(), await there.renewals()]).toEqual([0, 1]);
      const back = await there.loggedIn('alice', []);
      back.say({ op: 'subscribe', channels: ['orders'], resume: { orders: { epoch, seq: 1 } } });
      await eventually(() => expect(back.peer.heads('orders')).toEqual([['snapshot', 1]]));
      here.tells.beat();
      expect(await there.renewals()).toBe(1);
    });

    it('are noticed by the next change too, which is then in the snapshot or follows it', async () => {
      const [, theirs] = await both('alice', ['orders']);
      await lost(() => here.tells.tell(order('a', 1)));
      await here.tells.tell(order('a', 2));
      await eventually(() => expect(theirs?.heads('orders')).toContainEqual(['snapshot', 1]));
      await eventually(() => expect(gaps(theirs?.frames ?? [])).toHaveLength(1));
      await eventually(() => expect(theirs?.heads('orders').filter(([type]) => type === 'snapshot')).toHaveLength(2));
      expect(await there.renewals()).toBe(1);
    });

    it('while a snapshot is being read, it is read again and only the second one is shown', async () => {
      let open = (): void => undefined;
      there.snapshots.gate = new Promise((resolve) => {
        open = resolve;
      });
      const { peer, say } = await there.loggedIn('alice', []);
      say({ op: 'subscribe', channels: ['orders'] });
      await eventually(() => expect(there.snapshots.reads).toBe(1));
      await lost(() => here.tells.tell(order('a', 1)));
      here.tells.beat();
      open();
      await eventually(() => expect(peer.heads('orders')).toEqual([['snapshot', 1]]));
      expect([there.snapshots.reads, gaps(peer.frames)]).toEqual([2, []]);
    });
  });

  describe('of trading', () => {
    it('are read by each gateway for those who listen there, and by nobody else', async () => {
      const { peer } = await here.loggedIn('alice', ['state']);
      const { peer: other } = await there.loggedIn('bob', ['state', 'orders']);
      await here.tells.tell(state(null));
      await eventually(() => expect(other.on('state')).toHaveLength(2));
      expect(peer.on('state')[1]).toEqual(['delta', 2, [{ state: 'halted', text: 'of usr_alice', since: null }]]);
      expect(other.on('state')[1]).toEqual(['delta', 2, [{ state: 'halted', text: 'of usr_bob', since: null }]]);
      await there.tells.tell(state(alice));
      await eventually(() => expect(peer.on('state')).toHaveLength(3));
      expect([here.states.reads, there.states.reads]).toEqual([[alice, alice], [bob]]);
    });

    it('are looked at anew where they can not be read', async () => {
      const { peer } = await there.loggedIn('alice', ['state']);
      there.states.failing = true;
      await here.tells.tell(state(alice));
      await eventually(() =>
        expect(peer.heads('state')).toEqual([
          ['snapshot', 1],
          ['snapshot', 1],
        ]),
      );
    });
  });
});

describe('a gateway', () => {
  it('that has heard nobody tells nobody, and whoever comes knows that it has missed something', async () => {
    const air = new Air();
    const alone = new ToldGateway(air);
    await alone.tells.tell(order('a', 1));
    expect(air.changes()).toHaveLength(1);
    alone.clock.advance(greetedMicros);
    await alone.tells.tell(order('a', 2));
    expect(air.changes()).toHaveLength(1);
    const second = new ToldGateway(air);
    const { peer } = await second.loggedIn('alice', ['orders']);
    second.tells.beat();
    await eventually(() => expect(peer.heads('orders')).toHaveLength(2));
    expect([await alone.renewals(), await second.renewals()]).toEqual([0, 1]);
    await alone.tells.tell(order('a', 3));
    expect(air.changes()).toHaveLength(2);
    await eventually(() => expect(peer.on('orders').at(-1)).toEqual(['delta', 2, [{ id: 'a', version: 3 }]]));
  });

  it('that comes and has folded nothing makes nobody look anew', async () => {
    const air = new Air();
    const first = new ToldGateway(air);
    await first.tells.tell(order('a', 1));
    const { peer } = await first.loggedIn('alice', ['orders']);
    const second = new ToldGateway(air);
    second.tells.beat();
    await second.tells.tell(order('a', 2));
    expect(peer.heads('orders')).toEqual([
      ['snapshot', 1],
      ['delta', 2],
    ]);
    expect(await first.renewals()).toBe(0);
  });

  it('that was silent and is back is asked for everything', async () => {
    const air = new Air();
    const [first, second] = [new ToldGateway(air), new ToldGateway(air)];
    await first.tells.tell(order('a', 1));
    second.tells.beat();
    second.clock.advance(silentMicros + 1);
    second.tells.beat();
    const before = await second.renewals();
    first.tells.beat();
    expect([before, await second.renewals()]).toEqual([0, 1]);
  });
});
