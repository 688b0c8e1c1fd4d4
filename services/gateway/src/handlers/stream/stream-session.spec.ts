import { beforeEach, describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { Price, UserId } from '@scalpstorm/model';
import { aCandle, aTrade, eventually, FakeClock } from '@scalpstorm/testkit';
import { keptMax } from '../../domain/change-log.js';
import type { OwnChannel } from '../../domain/channel.js';
import { MarketBoard } from '../../domain/market-board.js';
import { ProblemRaised, problems } from '../../domain/problem.js';
import type { StreamFrame } from '../../domain/stream-frame.js';
import type { Identified } from '../../ports/access-tokens.js';
import type { Peer } from '../../ports/stream-door.js';
import { LiveHub } from './live-hub.js';
import type { Snapshots } from './snapshots.js';
import { channelsPerSessionMax, heartbeatMicros, StreamSession, slowBytes, slowForMicros } from './stream-session.js';

const alice = UserId.of('usr_alice');
const bob = UserId.of('usr_bob');
const lifetime = 900_000_000;

class FakePeer implements Peer {
  readonly address = '127.0.0.1';
  readonly frames: Record<string, unknown>[] = [];
  bufferedBytes = 0;
  closedWith: number | null = null;
  send(frame: StreamFrame): void {
    this.frames.push(JSON.parse(Buffer.from(frame.bytes).toString()) as Record<string, unknown>);
  }
  closedFor = '';
  close(code: number, reason: string): void {
    this.closedWith = code;
    this.closedFor = reason;
  }
  /** Type and number of what came on a channel. */
  heads(channel: string) {
    return this.on(channel).map(([type, seq]) => [type, seq]);
  }
  /** What came on a channel, as [type, seq, data]. */
  on(channel: string) {
    return this.frames
      .filter(({ ch, type }) => ch === channel && type !== undefined)
      .map(({ type, seq, data }) => [type, seq, data]);
  }
}

/** Knows a user by name: the token `alice` is Alice's. */
class FakeAdmission {
  constructor(private readonly clock: FakeClock) {}
  async admit(token: string): Promise<Identified> {
    if (token === 'trade-only') throw new ProblemRaised(problems.scopeMissing('read'));
    if (token !== 'alice' && token !== 'bob') throw new ProblemRaised(problems.unauthenticated());
    const principal = {
      userId: token === 'alice' ? alice : bob,
      email: `${token}@example.com`,
      role: 'trader' as const,
    };
    return { principal, expiresAt: Timestamp.plus(this.clock.now(), lifetime) };
  }
}

class FakeSnapshots {
  failing = false;
  rows: Partial<Record<OwnChannel, readonly unknown[]>> = {};
  async of(channel: OwnChannel, userId: UserId): Promise<readonly unknown[]> {
    if (this.failing) throw new Error('no database');
    return this.rows[channel] ?? [`${userId}'s ${channel}`];
  }
}

describe('a session of the stream', () => {
  let clock: FakeClock;
  let board: MarketBoard;
  let hub: LiveHub;
  let snapshots: FakeSnapshots;
  let faults: unknown[];

  beforeEach(() => {
    clock = new FakeClock();
    board = new MarketBoard();
    hub = new LiveHub(clock, board);
    snapshots = new FakeSnapshots();
    faults = [];
  });

  function connect() {
    const peer = new FakePeer();
    const context = {
      admission: new FakeAdmission(clock),
      snapshots: snapshots as unknown as Snapshots,
      hub,
      clock,
      onFault: (error: unknown) => void faults.push(error),
    };
    const session = new StreamSession(peer, context, (gone) => hub.remove(gone));
    hub.add(session);
    const say = (message: object) => session.onText(JSON.stringify(message));
    return { peer, session, say };
  }

  async function loggedIn(token: string, channels: readonly string[]) {
    const client = connect();
    client.say({ op: 'auth', token });
    await eventually(() => expect(client.peer.frames.at(-1)).toMatchObject({ op: 'ready' }));
    client.say({ op: 'subscribe', channels });
    const own = channels.filter((name) => name !== 'prices' && !name.startsWith('candles'));
    await eventually(() => {
      for (const name of own) expect(client.peer.on(name)).toHaveLength(1);
    });
    return client;
  }

  const change = (userId: UserId | null, channel: OwnChannel, row: unknown) =>
    hub.push(userId, { channel, row, at: clock.now() });

  it('gives a snapshot and then changes, numbered, stamped and with their age', async () => {
    const { peer } = await loggedIn('alice', ['bots']);
    const happened = clock.now();
    clock.advance(250_000);
    hub.push(alice, { channel: 'bots', row: 'b1', at: happened });
    expect(peer.on('bots')).toEqual([
      ['snapshot', 1, ["usr_alice's bots"]],
      ['delta', 2, ['b1']],
    ]);
    expect(peer.frames.at(-1)).toMatchObject({ ts: Timestamp.toIso(clock.now()), ageMs: 250 });
  });

  it('never carries what belongs to somebody else', async () => {
    const one = await loggedIn('alice', ['bots', 'orders', 'fills', 'activity', 'accounts', 'state']);
    const other = await loggedIn('bob', ['bots', 'orders', 'fills', 'activity', 'accounts', 'state']);
    for (const channel of ['bots', 'orders', 'fills', 'activity', 'accounts', 'state'] as const)
      change(bob, channel, "bob's row");
    change(null, 'activity', 'for everybody');
    expect(JSON.stringify(one.peer.frames)).not.toContain('bob');
    expect(one.peer.on('activity').at(-1)).toEqual(['delta', 2, ['for everybody']]);
    expect(other.peer.on('orders').at(-1)).toEqual(['delta', 2, ["bob's row"]]);
  });

  it('takes the subscription that follows the log-in without waiting for it', async () => {
    const { peer, say } = connect();
    say({ op: 'auth', token: 'alice' });
    say({ op: 'subscribe', channels: ['bots'] });
    await eventually(() => expect(peer.on('bots')).toHaveLength(1));
  });

  it('ends when too many frames come at once', async () => {
    const { peer, say } = connect();
    for (let count = 0; count < 200; count += 1) say({ op: 'auth', token: 'alice' });
    await eventually(() => expect(peer.closedWith).toBe(4429));
  });

  it('ends when the first frame is not a valid log-in', async () => {
    const early = connect();
    early.say({ op: 'subscribe', channels: ['bots'] });
    await eventually(() => expect(early.peer.closedWith).toBe(4401));
    const wrong = connect();
    wrong.say({ op: 'auth', token: 'mallory' });
    await eventually(() => expect(wrong.peer.closedWith).toBe(4401));
    expect(wrong.peer.frames).toEqual([]);
    const keyed = connect();
    keyed.say({ op: 'auth', token: 'trade-only' });
    await eventually(() =>
      expect([keyed.peer.closedWith, keyed.peer.closedFor]).toEqual([4403, expect.stringContaining('SCOPE_MISSING')]),
    );
    const silent = connect();
    silent.session.endUnlessIdentified();
    expect(silent.peer.closedWith).toBe(4408);
  });

  it('lives as long as its token, and longer with the next token of the same user', async () => {
    const { peer, session, say } = await loggedIn('alice', []);
    clock.advance(lifetime - 1);
    say({ op: 'auth', token: 'alice' });
    await eventually(() => expect(peer.frames.filter(({ op }) => op === 'ready')).toHaveLength(2));
    clock.advance(lifetime - 1);
    session.tick();
    expect(peer.closedWith).toBeNull();
    clock.advance(1);
    session.tick();
    expect(peer.closedWith).toBe(4401);
  });

  it('cannot become another user', async () => {
    const { peer, say } = await loggedIn('alice', ['bots']);
    say({ op: 'auth', token: 'bob' });
    await eventually(() => expect(peer.closedWith).toBe(4401));
  });

  it('merges prices: a client gets the newest at each tick, however many there were', async () => {
    board.trade(aTrade({ price: Price.of('1') }));
    const { peer } = await loggedIn('alice', ['prices']);
    for (const price of ['2', '3', '4']) board.trade(aTrade({ price: Price.of(price) }));
    hub.tick();
    hub.tick();
    const lasts = peer
      .on('prices')
      .map(([type, seq, data]) => [type, seq, (data as { last: string }[]).map(({ last }) => last)]);
    expect(lasts).toEqual([
      ['snapshot', 1, ['1']],
      ['delta', 2, ['4']],
    ]);
  });

  it('gives candles of the series that was asked for', async () => {
    const { peer } = await loggedIn('alice', ['candles:sim:BTC-USDT:1s']);
    board.candle(aCandle({ timeframe: '1m' }));
    board.candle(aCandle({ timeframe: '1s', close: Price.of('7') }));
    hub.tick();
    expect(peer.on('candles:sim:BTC-USDT:1s')).toEqual([
      ['snapshot', 1, []],
      ['delta', 2, [expect.objectContaining({ close: '7' })]],
    ]);
  });

  it('holds back what a slow client cannot take, and sends it when it has drained', async () => {
    const { peer } = await loggedIn('alice', ['orders', 'prices']);
    peer.bufferedBytes = slowBytes + 1;
    change(alice, 'orders', 'held back');
    board.trade(aTrade());
    hub.tick();
    expect(peer.on('orders')).toHaveLength(1);
    expect(peer.on('prices')).toHaveLength(1);
    peer.bufferedBytes = 0;
    hub.tick();
    expect(peer.on('orders').at(-1)).toEqual(['delta', 2, ['held back']]);
    expect(peer.on('prices').at(-1)).toEqual(['snapshot', 2, [expect.objectContaining({ symbol: 'BTC-USDT' })]]);
  });

  it('tells a client that missed more than is kept of the gap, and starts again', async () => {
    const { peer } = await loggedIn('alice', ['orders']);
    peer.bufferedBytes = slowBytes + 1;
    for (let row = 0; row <= keptMax; row += 1) change(alice, 'orders', row);
    peer.bufferedBytes = 0;
    snapshots.rows.orders = ['all of it'];
    hub.tick();
    await eventually(() => expect(peer.on('orders').at(-1)).toEqual(['snapshot', keptMax + 2, ['all of it']]));
    expect(peer.frames).toContainEqual(expect.objectContaining({ op: 'gap', ch: 'orders', reason: 'slow_consumer' }));
  });

  it('cuts off a client that stays slow, and says why', async () => {
    const { peer } = await loggedIn('alice', ['orders']);
    peer.bufferedBytes = slowBytes + 1;
    change(alice, 'orders', 'held back');
    hub.tick();
    clock.advance(slowForMicros - 1);
    hub.tick();
    expect(peer.closedWith).toBeNull();
    clock.advance(1);
    hub.tick();
    expect([peer.closedWith, peer.closedFor]).toEqual([4413, expect.stringContaining('slow_consumer')]);
  });

  it('says that all is well when nothing happens', async () => {
    const { peer } = await loggedIn('alice', ['orders']);
    clock.advance(heartbeatMicros);
    hub.tick();
    hub.tick();
    expect(peer.frames.filter(({ op }) => op === 'heartbeat')).toHaveLength(1);
  });

  describe('after a cut', () => {
    const cut = async (channels: readonly string[]) => {
      const first = await loggedIn('alice', channels);
      const epochs = new Map(first.peer.frames.map(({ ch, epoch }) => [ch, epoch as string]));
      first.session.onClose();
      return (channel: string, seq: number) => ({ [channel]: { epoch: epochs.get(channel) ?? '', seq } });
    };
    const back = async (channel: string, resume: object) => {
      const client = await loggedIn('alice', []);
      client.say({ op: 'subscribe', channels: [channel], resume });
      await eventually(() => expect(client.peer.on(channel)).toHaveLength(1));
      return client.peer;
    };

    it('a client goes on where it was: what it missed, and then the next number', async () => {
      const at = await cut(['orders']);
      for (const row of ['one', 'two', 'three']) change(alice, 'orders', row);
      change(bob, 'orders', "bob's");
      const peer = await back('orders', at('orders', 2));
      change(alice, 'orders', 'four');
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
      board.trade(aTrade({ price: Price.of('1') }));
      const at = await cut(['prices']);
      for (const price of ['2', '3']) {
        board.trade(aTrade({ price: Price.of(price) }));
        hub.tick();
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
      for (let row = 0; row < rows; row += 1) change(alice, 'fills', row);
      clock.advance(advance);
      change(alice, 'fills', 'newest');
      const point = { ...at('fills', 1)['fills'], ...resume };
      expect((await back('fills', { fills: point })).heads('fills')).toEqual([['snapshot', rows + 2]]);
    });

    it('nobody goes on with what belongs to somebody else', async () => {
      const at = await cut(['orders']);
      change(alice, 'orders', "alice's secret");
      const other = await loggedIn('bob', []);
      other.say({ op: 'subscribe', channels: ['orders'], resume: at('orders', 1) });
      await eventually(() => expect(other.peer.heads('orders')).toEqual([['snapshot', 1]]));
      expect(JSON.stringify(other.peer.frames)).not.toContain('alice');
    });

    it('what nobody comes back for is forgotten', async () => {
      const at = await cut(['orders']);
      clock.advance(300_000_001);
      for (let tick = 0; tick < 100; tick += 1) hub.tick();
      expect(hub.users()).toEqual(new Set());
      expect((await back('orders', at('orders', 1))).heads('orders')).toEqual([['snapshot', 1]]);
    });
  });

  it('reads a snapshot again when the database was away', async () => {
    const { peer, say } = await loggedIn('alice', []);
    snapshots.failing = true;
    say({ op: 'subscribe', channels: ['fills'] });
    await eventually(() => expect(faults).toHaveLength(1));
    snapshots.failing = false;
    hub.tick();
    await eventually(() => expect(peer.on('fills')).toHaveLength(1));
  });

  it('explains frames that it cannot read and ends a client that sends nothing else', () => {
    const { peer, session } = connect();
    for (const text of ['', '{', '[]', '{"op":"nonsense"}']) session.onText(text);
    expect(peer.frames.map(({ code }) => code)).toEqual(['BAD_FRAME', 'BAD_FRAME', 'BAD_FRAME', 'BAD_FRAME']);
    for (let count = 0; count < 7; count += 1) session.onText('?');
    expect(peer.closedWith).toBe(4400);
  });

  it('names the channels that exist when one does not', async () => {
    const { peer, say } = await loggedIn('alice', []);
    say({ op: 'subscribe', id: 7, channels: ['nonsense'] });
    await eventually(() =>
      expect(peer.frames).toContainEqual(
        expect.objectContaining({
          op: 'error',
          id: 7,
          code: 'UNKNOWN_CHANNEL',
          allowed: expect.stringContaining('bots'),
        }),
      ),
    );
  });

  it('has a bound on its channels', async () => {
    const { peer, say } = await loggedIn('alice', ['bots']);
    const names = Array.from({ length: channelsPerSessionMax }, (_, index) => `candles:sim:C${index}-USDT:1s`);
    say({ op: 'subscribe', channels: names });
    await eventually(() => expect(peer.closedWith).toBe(4429));
  });

  it('gets nothing more on a channel that it left', async () => {
    const { peer, say } = await loggedIn('alice', ['bots']);
    say({ op: 'unsubscribe', channels: ['bots'] });
    await eventually(() => expect(peer.frames.at(-1)).toMatchObject({ op: 'unsubscribed' }));
    change(alice, 'bots', 'late');
    expect(peer.on('bots')).toHaveLength(1);
  });
});
