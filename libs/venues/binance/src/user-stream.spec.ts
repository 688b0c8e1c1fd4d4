import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@scalpstorm/testkit';
import { RecordingExecutionListener } from '@scalpstorm/venue-api/testing';
import { BinanceExecutionVenue } from './binance-execution-venue.js';
import type { BinanceOptions, VenueNotice } from './options.js';
import { credentials, hasty, impatient, patience, report } from './testing/scripted-parts.js';
import { answerLikeTheVenue, ScriptedVenue } from './testing/scripted-venue.js';

/** A fill of `last` after which `all` of the order's three is filled. */
const fill = (trade: number, last: string, all: string): object =>
  report('trade', {
    t: trade,
    l: last,
    z: all,
    q: '3.00000000',
    X: all === '3' ? 'FILLED' : 'PARTIALLY_FILLED',
    i: 77,
  });

let scripted: ScriptedVenue;
let execution: BinanceExecutionVenue;
let heard: RecordingExecutionListener;
let notices: VenueNotice[];

/** In a describe: everything above is there for each of its tests. */
function connected(changes: Partial<BinanceOptions> = {}): void {
  beforeEach(async () => {
    notices = [];
    heard = new RecordingExecutionListener();
    scripted = await ScriptedVenue.start();
    execution = await BinanceExecutionVenue.create(impatient(scripted, notices, changes), credentials);
    await execution.open(heard);
  });
  afterEach(async () => {
    await execution.close();
    await scripted.stop();
  });
}

const trades = () => heard.fills.map(({ fill: { tradeId } }) => tradeId);
const reconciled = () => heard.connection.filter((change) => change === 'reconnected').length;
const codes = () => notices.map(({ code }) => code);
const probes = () => scripted.heard.filter(({ method }) => method === 'session.subscriptions').length;

describe('the user stream on real sockets', () => {
  connected();

  it('is subscribed by signature, without a listen key', () => {
    const [subscription] = scripted.heard;
    expect(subscription).toMatchObject({
      method: 'userDataStream.subscribe.signature',
      params: { apiKey: 'key', signature: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(scripted.requests.filter(({ name }) => /listenKey|userDataStream/.test(name))).toEqual([]);
  });

  it('is not asked for again while the venue has us banned, and nothing else is', async () => {
    const data = { serverTime: Date.now(), retryAfter: Date.now() + 3_600_000 };
    const msg = 'Way too much request weight used; IP banned.';
    scripted.onMessage = ({ id }) => ({ id, status: 418, error: { code: -1003, msg, data } });
    for (const socket of scripted.userSockets) socket.close();
    await eventually(() => expect(codes()).toContain('RATE_LIMITED'), patience);
    await eventually(() => expect(codes().filter((code) => code === 'SOCKET_LOST')).toHaveLength(2), patience);
    const { connections } = scripted;
    await expect(execution.balances()).rejects.toMatchObject({ code: 'VENUE_RATE_LIMITED' });
    // Far longer than the longest back-off of this spec.
    for (let time = 0; time < 200; time += 1) await (await fetch(`${scripted.addresses.rest}/api/v3/time`)).json();
    expect([scripted.connections, connections]).toEqual([2, 2]);
  });

  it('tells what the venue repeats once: fills by trade id, reports by what they say', async () => {
    for (const event of [report('new', {}), report('new', {}), fill(1, '1', '1'), fill(1, '1', '1'), fill(2, '2', '3')])
      scripted.tellUser(event);
    await eventually(() => expect(trades()).toEqual(['1', '2']), patience);
    expect(heard.reports).toHaveLength(1);
  });

  it('asks for a reconciliation when the fills do not add up to what a later event says', async () => {
    scripted.tellUser(report('new', { i: 77, q: '3.00000000' }));
    scripted.tellUser(fill(3, '1', '3'));
    await eventually(() => expect(reconciled()).toBe(1), patience);
    expect(codes()).toContain('FILL_MISSING');
    expect(trades()).toEqual(['3']);
  });

  it('drops balances that are older than what was told', async () => {
    const balances = (u: number, free: string) => ({
      e: 'outboundAccountPosition',
      E: u,
      u,
      B: [{ a: 'BTC', f: free, l: '0.0' }],
    });
    scripted.tellUser(balances(2_000, '2.0'));
    scripted.tellUser(balances(1_000, '1.0'));
    scripted.tellUser(balances(3_000, '3.0'));
    await eventually(() => expect(heard.balances).toHaveLength(2), patience);
    expect(heard.balances.map(({ free }) => free.amount)).toEqual([2n * 10n ** 18n, 3n * 10n ** 18n]);
  });

  it('keeps ids exactly that no floating number can hold', async () => {
    const text = JSON.stringify(fill(1, '1', '1'))
      .replace('"t":1,', '"t":9007199254740993,')
      .replace('"i":77', '"i":9007199254740995');
    for (const socket of scripted.userSockets) socket.send(`{"subscriptionId":7,"event":${text}}`);
    await eventually(() => expect(trades()).toEqual(['9007199254740993']), patience);
    expect(heard.fills[0]?.fill.venueOrderId).toBe('9007199254740995');
  });

  const endings: readonly [string, (venue: ScriptedVenue) => void][] = [
    [
      'the venue cuts it, as it does every 24 hours',
      (venue) => {
        for (const socket of venue.userSockets) socket.close(1001);
      },
    ],
    ['the venue announces its end', (venue) => venue.tellUser({ e: 'serverShutdown', E: 1 })],
    ['an event cannot be read', (venue) => venue.tellUser(report('trade', { l: 0.1 }))],
  ];
  it.each(endings)('begins anew with a fresh signature and a reconciliation when %s', async (_, end) => {
    end(scripted);
    await eventually(() => expect(heard.connection).toEqual(['disconnected', 'reconnected']), patience);
    const signed = scripted.heard.filter(({ method }) => method === 'userDataStream.subscribe.signature');
    expect(signed).toHaveLength(2);
    await eventually(() => expect(execution.state).toBe('connected'), patience);
  });

  it('measures the clock anew when the venue does not take the time of a subscription', async () => {
    scripted.clockAheadMs = 60_000;
    scripted.onMessage = (message) => {
      const { timestamp } = (message['params'] ?? {}) as { timestamp?: number };
      if (timestamp === undefined || Math.abs(timestamp - Date.now() - scripted.clockAheadMs) < 5_000)
        return answerLikeTheVenue(message);
      return { id: message['id'], status: 400, error: { code: -1021, msg: 'Timestamp is outside of the recvWindow.' } };
    };
    for (const socket of scripted.userSockets) socket.close(1001);
    await eventually(() => expect(reconciled()).toBe(1), patience);
    expect(codes()).toContain('CLOCK_SKEW');
  });

  it('says why when it cannot be subscribed at the start', async () => {
    scripted.onMessage = ({ id }) => ({ id, status: 401, error: { code: -2015, msg: 'Invalid API-key.' } });
    const other = await BinanceExecutionVenue.create(impatient(scripted, notices, hasty), credentials);
    await expect(other.open(new RecordingExecutionListener())).rejects.toThrow(/-2015 Invalid API-key/);
    expect(other.state).toBe('disconnected');
    await other.close();
  });

  it('leaves no socket and no timer behind when it is closed', async () => {
    scripted.tellUser(report('new', { i: 77, q: '3.00000000' }));
    scripted.tellUser(fill(3, '1', '3'));
    await eventually(() => expect(trades()).toEqual(['3']), patience);
    expect(scripted.lines.size).toBeGreaterThanOrEqual(2);
    await execution.close();
    await eventually(() => expect([scripted.userSockets.size, scripted.lines.size]).toEqual([0, 0]), patience);
    expect(execution.state).toBe('closed');
  });
});

describe('the silence of the venue on the user stream', () => {
  connected(hasty);

  it('tells fills in any order, and does not miss one that is only late', async () => {
    scripted.tellUser(report('new', { i: 77, q: '3.00000000' }));
    scripted.tellUser(fill(2, '2', '3'));
    await eventually(() => expect(trades()).toEqual(['2']), patience);
    scripted.tellUser(fill(1, '1', '1'));
    await eventually(() => expect(trades()).toEqual(['2', '1']), patience);
    // The probes are the clock of this spec: a missing fill is given up before so many have passed.
    const sent = probes();
    await eventually(() => expect(probes()).toBeGreaterThanOrEqual(sent + 3), patience);
    expect(reconciled()).toBe(0);
  });

  it('notices that the venue forgot the subscription, although the line is alive', async () => {
    scripted.onMessage = (message) =>
      message['method'] === 'session.subscriptions'
        ? { id: message['id'], status: 200, result: [] }
        : answerLikeTheVenue(message);
    await eventually(() => expect(reconciled()).toBeGreaterThan(0), patience);
    expect(codes()).toContain('SUBSCRIPTION_LOST');
  });

  it('notices a venue that answers pings and nothing else', async () => {
    scripted.onMessage = null;
    await eventually(() => expect(heard.connection).toContain('disconnected'), patience);
    expect(codes()).toContain('SOCKET_SILENT');
    scripted.onMessage = answerLikeTheVenue;
    await eventually(() => expect(reconciled()).toBe(1), patience);
  });

  it('takes a venue that does not know the probe for alive', async () => {
    scripted.onMessage = ({ id }) => ({ id, status: 400, error: { code: -1100, msg: 'unknown method' } });
    const before = probes();
    await eventually(() => expect(probes()).toBeGreaterThan(before + 2), patience);
    expect(heard.connection).toEqual([]);
  });
});
