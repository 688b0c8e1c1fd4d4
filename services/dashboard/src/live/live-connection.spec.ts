import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LiveConnection, type LiveStatus } from './live-connection.js';

type Closed = (event: { readonly code: number }) => void;

/** A line of a browser: what is sent into it is kept, and its end is told when the test says so, as of one that is half open. */
class Line {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly sent: string[] = [];
  readyState = Line.CONNECTING;
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: string }) => void) | null = null;
  onclose: Closed | null = null;

  constructor(readonly address: string) {
    lines.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = Line.CLOSING;
  }

  open(): void {
    this.readyState = Line.OPEN;
    this.onopen?.();
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  end(code = 1006): void {
    this.readyState = Line.CLOSED;
    this.onclose?.({ code });
  }
}

const lines: Line[] = [];
const given = { WebSocket: globalThis.WebSocket, location: globalThis.location };
const statuses: LiveStatus[] = [];
const frames: string[] = [];
let shutOut = 0;

const listener = {
  onFrames: (told: readonly { readonly ch: string; readonly seq: number }[]) => {
    frames.push(...told.map(({ ch, seq }) => `${ch} ${seq}`));
  },
  onStatus: (status: LiveStatus) => {
    if (statuses.at(-1) !== status) statuses.push(status);
  },
  onHeard: () => undefined,
  token: () => Promise.resolve('a token'),
  onShutOut: () => {
    shutOut += 1;
  },
};

const line = (index: number): Line => {
  const found = lines[index];
  if (found === undefined) throw new Error(`no line ${index} of ${lines.length}`);
  return found;
};

/** A connection that was greeted, with one channel that somebody watches. */
function greeted(): LiveConnection {
  const connection = new LiveConnection(listener);
  connection.subscribe('bots');
  connection.start();
  line(0).open();
  line(0).say({ op: 'ready' });
  line(0).say({ ch: 'bots', type: 'snapshot', seq: 7, epoch: 'one', data: [] });
  return connection;
}

describe('the live connection', () => {
  let connection: LiveConnection | null = null;

  beforeEach(() => {
    jest.useFakeTimers();
    lines.length = 0;
    statuses.length = 0;
    frames.length = 0;
    shutOut = 0;
    Object.assign(globalThis, {
      ...{ WebSocket: Line, location: { protocol: 'http:', host: 'here' } },
      ...{ addEventListener: () => undefined, removeEventListener: () => undefined },
    });
  });

  afterEach(() => {
    connection?.stop();
    connection = null;
    jest.useRealTimers();
    Object.assign(globalThis, given);
    Reflect.deleteProperty(globalThis, 'addEventListener');
    Reflect.deleteProperty(globalThis, 'removeEventListener');
  });

  it('gives up a line that is silent at once, without waiting to be told of its end, and goes on where it was', () => {
    connection = greeted();
    jest.advanceTimersByTime(12_000);
    expect(lines).toHaveLength(1);
    jest.advanceTimersByTime(5_000);
    expect(statuses).toEqual(['connecting', 'live', 'reconnecting']);
    expect(line(0).readyState).toBe(Line.CLOSING);
    expect(lines).toHaveLength(2);
    line(1).open();
    line(1).say({ op: 'ready' });
    expect(statuses.at(-1)).toBe('live');
    expect(JSON.parse(line(1).sent.at(-1) ?? '')).toEqual({
      ...{ op: 'subscribe', channels: ['bots'] },
      resume: { bots: { epoch: 'one', seq: 7 } },
    });
  });

  it('hears nothing more of a line that it gave up, nor its end', () => {
    connection = greeted();
    jest.advanceTimersByTime(17_000);
    line(1).open();
    line(1).say({ op: 'ready' });
    line(0).say({ ch: 'bots', type: 'snapshot', seq: 99, epoch: 'one', data: [] });
    line(0).end(4401);
    jest.advanceTimersByTime(1_000);
    expect(frames).toEqual(['bots 7']);
    expect(shutOut).toBe(0);
    expect(lines).toHaveLength(2);
  });

  it('gives up a line as well that never comes to be', () => {
    connection = greeted();
    line(0).end();
    jest.advanceTimersByTime(1_000);
    expect(lines).toHaveLength(2);
    jest.advanceTimersByTime(20_000);
    expect(lines.length).toBeGreaterThan(2);
  });

  it('takes another line in place of a silent one when it is asked to, and leaves alone one that speaks', () => {
    connection = greeted();
    connection.reconnect();
    expect(lines).toHaveLength(1);
    jest.advanceTimersByTime(10_000);
    connection.reconnect();
    expect(lines).toHaveLength(2);
    // Pressed again in the next moment, it is the same attempt.
    connection.reconnect();
    expect(lines).toHaveLength(2);
  });

  it('keeps a line that answers', () => {
    connection = greeted();
    for (let beat = 0; beat < 10; beat += 1) {
      jest.advanceTimersByTime(4_000);
      line(0).say({ op: 'pong' });
    }
    expect(lines).toHaveLength(1);
    expect(line(0).sent.filter((text) => text.includes('ping'))).toHaveLength(10);
  });

  it('asks once who is shut out, and only of the line that it has', () => {
    connection = greeted();
    line(0).end(4401);
    expect(shutOut).toBe(1);
    expect(statuses.at(-1)).toBe('reconnecting');
  });
});
