import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { second, seededRng, Timestamp } from '@scalpstorm/kernel';
import { VenueId } from '@scalpstorm/model';
import type { CcxtBinance, SocketEvents } from './ccxt-binance.js';
import { type ResolvedOptions, resolveOptions } from './options.js';
import { PublicSocket } from './public-socket.js';

const trade = { e: 'trade', s: 'BTCUSDT', t: 1, p: '1.5', q: '1', T: 1, m: true };

describe('a connection that is read too slowly', () => {
  let options: ResolvedOptions;
  let socket: PublicSocket;
  let opened: SocketEvents[];
  let asked: number;

  beforeEach(async () => {
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    opened = [];
    asked = 0;
    const exchange = {
      openSocket: (_: string, events: SocketEvents) => {
        opened.push(events);
        queueMicrotask(() => events.opened());
        const send = async () => {
          asked += 1;
        };
        return { url: '', connect: async () => undefined, send };
      },
      dropSocket: () => undefined,
    };
    options = resolveOptions({
      venue: VenueId.of('sim'),
      addresses: { rest: 'http://127.0.0.1:1', spotWs: 'ws://127.0.0.1:1', wsApi: 'ws://127.0.0.1:1' },
      clock: { now: () => Timestamp.fromMillis(Date.now()) },
      rng: seededRng(3),
      requestTimeout: 5 * second,
      silenceMax: 16 * second,
    });
    socket = new PublicSocket(exchange as unknown as CcxtBinance, 'ws://127.0.0.1:1/0', options);
    await jest.advanceTimersByTimeAsync(1);
  });
  afterEach(() => {
    socket.close();
    jest.useRealTimers();
  });

  const pass = async (seconds: number, hears: boolean): Promise<void> => {
    for (let at = 0; at < seconds; at += 1) {
      if (hears) opened.at(-1)?.message(trade);
      await jest.advanceTimersByTimeAsync(1_000);
    }
  };

  it('is kept while events come, although the answer to a question is late: it waits behind them', async () => {
    await pass(60, true);
    expect(asked).toBeGreaterThan(3);
    expect(opened).toHaveLength(1);
  });

  it('is given up when nothing comes and a question is not answered', async () => {
    await pass(18, false);
    expect(opened.length).toBeGreaterThan(1);
  });

  it('is not taken for silent by a process that had no turn itself', async () => {
    await pass(3, true);
    jest.setSystemTime(Date.now() + 42_000);
    await jest.advanceTimersByTimeAsync(4_000);
    expect(opened).toHaveLength(1);
    await pass(40, true);
    expect(opened).toHaveLength(1);
  });
});
