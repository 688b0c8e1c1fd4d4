import { beforeEach, describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { Price } from '@scalpstorm/model';
import { aCandle, aTrade, eventually } from '@scalpstorm/testkit';
import { alice, bob, lifetime, StreamWorld } from '../../../test/stream-world.js';
import { channelsPerSessionMax } from './stream-session.js';

describe('a session of the stream', () => {
  let world: StreamWorld;

  beforeEach(() => {
    world = new StreamWorld();
  });

  it('gives a snapshot and then changes, numbered, stamped and with their age', async () => {
    const { peer } = await world.loggedIn('alice', ['bots']);
    const happened = world.clock.now();
    world.clock.advance(250_000);
    world.hub.push(alice, { channel: 'bots', row: 'b1', at: happened });
    expect(peer.on('bots')).toEqual([
      ['snapshot', 1, ["usr_alice's bots"]],
      ['delta', 2, ['b1']],
    ]);
    expect(peer.frames.at(-1)).toMatchObject({ ts: Timestamp.toIso(world.clock.now()), ageMs: 250 });
  });

  it('never carries what belongs to somebody else', async () => {
    const one = await world.loggedIn('alice', ['bots', 'orders', 'fills', 'activity', 'accounts', 'state']);
    const other = await world.loggedIn('bob', ['bots', 'orders', 'fills', 'activity', 'accounts', 'state']);
    for (const channel of ['bots', 'orders', 'fills', 'activity', 'accounts', 'state'] as const)
      world.change(bob, channel, "bob's row");
    world.change(null, 'activity', 'for everybody');
    expect(JSON.stringify(one.peer.frames)).not.toContain('bob');
    expect(one.peer.on('activity').at(-1)).toEqual(['delta', 2, ['for everybody']]);
    expect(other.peer.on('orders').at(-1)).toEqual(['delta', 2, ["bob's row"]]);
  });

  it('takes the subscription that follows the log-in without waiting for it', async () => {
    const { peer, say } = world.connect();
    say({ op: 'auth', token: 'alice' });
    say({ op: 'subscribe', channels: ['bots'] });
    await eventually(() => expect(peer.on('bots')).toHaveLength(1));
  });

  it('ends when too many frames come at once', async () => {
    const { peer, say } = world.connect();
    for (let count = 0; count < 200; count += 1) say({ op: 'auth', token: 'alice' });
    await eventually(() => expect(peer.closedWith).toBe(4429));
  });

  it('ends when the first frame is not a valid log-in', async () => {
    const early = world.connect();
    early.say({ op: 'subscribe', channels: ['bots'] });
    await eventually(() => expect(early.peer.closedWith).toBe(4401));
    const wrong = world.connect();
    wrong.say({ op: 'auth', token: 'mallory' });
    await eventually(() => expect(wrong.peer.closedWith).toBe(4401));
    expect(wrong.peer.frames).toEqual([]);
    const keyed = world.connect();
    keyed.say({ op: 'auth', token: 'trade-only' });
    await eventually(() =>
      expect([keyed.peer.closedWith, keyed.peer.closedFor]).toEqual([4403, expect.stringContaining('SCOPE_MISSING')]),
    );
    const silent = world.connect();
    silent.session.endUnlessIdentified();
    expect(silent.peer.closedWith).toBe(4408);
  });

  it('lives as long as its token, and longer with the next token of the same user', async () => {
    const { peer, session, say } = await world.loggedIn('alice', []);
    world.clock.advance(lifetime - 1);
    say({ op: 'auth', token: 'alice' });
    await eventually(() => expect(peer.frames.filter(({ op }) => op === 'ready')).toHaveLength(2));
    world.clock.advance(lifetime - 1);
    session.tick();
    expect(peer.closedWith).toBeNull();
    world.clock.advance(1);
    session.tick();
    expect(peer.closedWith).toBe(4401);
  });

  it('cannot become another user', async () => {
    const { peer, say } = await world.loggedIn('alice', ['bots']);
    say({ op: 'auth', token: 'bob' });
    await eventually(() => expect(peer.closedWith).toBe(4401));
  });

  it('merges prices: a client gets the newest at each tick, however many there were', async () => {
    world.board.trade(aTrade({ price: Price.of('1') }));
    const { peer } = await world.loggedIn('alice', ['prices']);
    for (const price of ['2', '3', '4']) world.board.trade(aTrade({ price: Price.of(price) }));
    world.hub.tick();
    world.hub.tick();
    const lasts = peer
      .on('prices')
      .map(([type, seq, data]) => [type, seq, (data as { last: string }[]).map(({ last }) => last)]);
    expect(lasts).toEqual([
      ['snapshot', 1, ['1']],
      ['delta', 2, ['4']],
    ]);
  });

  it('gives candles of the series that was asked for', async () => {
    const { peer } = await world.loggedIn('alice', ['candles:sim:BTC-USDT:1s']);
    world.board.candle(aCandle({ timeframe: '1m' }));
    world.board.candle(aCandle({ timeframe: '1s', close: Price.of('7') }));
    world.hub.tick();
    expect(peer.on('candles:sim:BTC-USDT:1s')).toEqual([
      ['snapshot', 1, []],
      ['delta', 2, [expect.objectContaining({ close: '7' })]],
    ]);
  });

  it('explains frames that it cannot read and ends a client that sends nothing else', () => {
    const { peer, session } = world.connect();
    for (const text of ['', '{', '[]', '{"op":"nonsense"}']) session.onText(text);
    expect(peer.frames.map(({ code }) => code)).toEqual(['BAD_FRAME', 'BAD_FRAME', 'BAD_FRAME', 'BAD_FRAME']);
    session.onText('{"op":"nonsense","id":"seventh"}');
    expect(peer.frames.map(({ id }) => id)).toEqual([null, null, null, null, 'seventh']);
    for (let count = 0; count < 6; count += 1) session.onText('?');
    expect(peer.closedWith).toBe(4400);
  });

  it('names the channels that exist when one does not', async () => {
    const { peer, say } = await world.loggedIn('alice', []);
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
    const { peer, say } = await world.loggedIn('alice', ['bots']);
    const names = Array.from({ length: channelsPerSessionMax }, (_, index) => `candles:sim:C${index}-USDT:1s`);
    say({ op: 'subscribe', channels: names });
    await eventually(() => expect(peer.closedWith).toBe(4429));
  });

  it('gets nothing more on a channel that it left', async () => {
    const { peer, say } = await world.loggedIn('alice', ['bots']);
    say({ op: 'unsubscribe', channels: ['bots'] });
    await eventually(() => expect(peer.frames.at(-1)).toMatchObject({ op: 'unsubscribed' }));
    world.change(alice, 'bots', 'late');
    expect(peer.on('bots')).toHaveLength(1);
  });
});
