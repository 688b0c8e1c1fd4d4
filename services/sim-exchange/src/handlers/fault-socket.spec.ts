import { beforeEach, describe, expect, test } from '@jest/globals';
import { readFault } from './fault-reading.js';
import { bufferedBytesMax, type Connection, FaultSocket } from './fault-socket.js';
import { FaultSwitch } from './fault-switch.js';

/** A connection that keeps what it was told. */
class FakeConnection implements Connection {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: string[] = [];
  readonly pongs: string[] = [];
  closed: { readonly code: number; readonly reason: string } | null = null;
  terminated = false;

  send(text: string): void {
    this.sent.push(text);
  }

  pong(data: Buffer): void {
    this.pongs.push(data.toString());
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
    this.readyState = 2;
  }

  terminate(): void {
    this.terminated = true;
    this.readyState = 3;
  }
}

let connection: FakeConnection;
let faults: FaultSwitch;
let told: string[];

beforeEach(() => {
  connection = new FakeConnection();
  faults = new FaultSwitch(() => 0);
  told = [];
});

const open = (kind: 'market' | 'api' = 'market'): FaultSocket =>
  new FaultSocket(connection, { faults, kind, streams: () => ['btcusdt@trade'], tell: (text) => told.push(text) });
const set = (body: object): void => {
  const rule = readFault(body as Record<string, unknown>);
  if ('field' in rule) throw new Error(`${rule.field}: ${rule.allowed}`);
  faults.add(rule);
};
const letters = [...'abcdefgh'];

describe('a client that does not read', () => {
  test('is cut off with a reason, and nothing more is queued for it', () => {
    const socket = open();
    connection.bufferedAmount = bufferedBytesMax;
    socket.send('still', 'btcusdt@trade');
    connection.bufferedAmount += 1;
    socket.send('too much', 'btcusdt@trade');
    socket.send('later', 'btcusdt@trade');
    expect(connection.sent).toEqual(['still']);
    expect(connection.closed).toEqual({ code: 1008, reason: 'SLOW_CONSUMER: more than 8388608 bytes unread' });
    expect(told).toEqual([expect.stringContaining('SLOW_CONSUMER')]);
  });
});

describe('a silent socket', () => {
  test('says nothing, not even pong, and goes on when the fault is gone', () => {
    const socket = open();
    set({ kind: 'silent-socket' });
    socket.send('event', 'btcusdt@trade');
    socket.reply('answer');
    socket.pong(Buffer.from('ping'));
    expect([connection.sent, connection.pongs, connection.readyState]).toEqual([[], [], 1]);
    faults.clear();
    socket.reply('answer');
    socket.pong(Buffer.from('ping'));
    expect([connection.sent, connection.pongs]).toEqual([['answer'], ['ping']]);
  });
});

describe('events', () => {
  test('come several times, answers once', () => {
    const socket = open();
    set({ kind: 'duplicate', copies: 2 });
    socket.send('answer');
    socket.send('event', 'btcusdt@trade');
    expect(connection.sent).toEqual(['answer', 'event', 'event', 'event']);
  });

  test('of a user are those without a stream on the websocket API', () => {
    const socket = open('api');
    set({ kind: 'duplicate', scope: { stream: 'user' } });
    socket.send('fill');
    socket.reply('answer');
    expect(connection.sent).toEqual(['fill', 'fill', 'answer']);
  });

  test('change their order within a window, each window by itself, the same way for a seed', () => {
    const reordered = (seed: number): readonly string[] => {
      connection = new FakeConnection();
      faults = new FaultSwitch(() => 0);
      set({ kind: 'reorder', window: 4, seed });
      const socket = open();
      for (const letter of letters) socket.send(letter, 'btcusdt@trade');
      return connection.sent;
    };
    const first = reordered(3);
    expect(reordered(3)).toEqual(first);
    expect(first.slice(0, 4)).not.toEqual(letters.slice(0, 4));
    expect(first.slice(4)).not.toEqual(letters.slice(4));
    expect([...first.slice(0, 4)].sort()).toEqual(letters.slice(0, 4));
    expect([...first.slice(4)].sort()).toEqual(letters.slice(4));
  });

  test('that wait for their window leave when the time for it is over', async () => {
    set({ kind: 'reorder', window: 100, holdMs: 1 });
    const socket = open();
    const released = Promise.withResolvers<void>();
    const send = connection.send.bind(connection);
    connection.send = (text) => {
      send(text);
      if (connection.sent.length === 2) released.resolve();
    };
    socket.send('a', 'btcusdt@trade');
    socket.send('b', 'btcusdt@trade');
    expect(connection.sent).toEqual([]);
    // The timer does not keep a process alive, so something else must while it runs.
    const alive = setInterval(() => {}, 10);
    await released.promise;
    clearInterval(alive);
    expect(connection.sent).toEqual(['b', 'a']);
  });
});

describe('a cut', () => {
  test('without a word ends the connection at once', () => {
    const socket = open();
    set({ kind: 'cut-socket', count: 1 });
    socket.cutIfAsked();
    expect([connection.terminated, connection.closed]).toEqual([true, null]);
  });

  test('with a code says it, once', () => {
    const socket = open();
    set({ kind: 'cut-socket', closeCode: 1001, count: 5 });
    socket.cutIfAsked();
    socket.cutIfAsked();
    expect(connection.closed).toEqual({ code: 1001, reason: 'cut by the fault switch' });
    expect(faults.list()).toMatchObject([{ hits: 1 }]);
  });
});
