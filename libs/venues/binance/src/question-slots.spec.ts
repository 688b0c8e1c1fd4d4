import { beforeEach, describe, expect, it } from '@jest/globals';
import { millisecond, second, seededRng } from '@scalpstorm/kernel';
import { VenueId } from '@scalpstorm/model';
import type { CcxtBinance } from './ccxt-binance.js';
import { defaultCircuitLimits } from './circuit-breaker.js';
import { type BinanceOptions, resolveOptions } from './options.js';
import { BinanceRest, readsMax } from './rest.js';
import { clock } from './testing/scripted-parts.js';

const exchange = { onHeaders: () => undefined, releaseConnections: () => undefined } as unknown as CcxtBinance;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('questions to the public interface', () => {
  /** Those that were sent and have no answer yet: calling one answers it. */
  let underWay: (() => void)[];
  let sent: number;

  beforeEach(() => {
    underWay = [];
    sent = 0;
  });

  const client = (changes: Partial<BinanceOptions> = {}) =>
    new BinanceRest(
      exchange,
      resolveOptions({
        venue: VenueId.of('sim'),
        addresses: { rest: 'http://127.0.0.1:1', spotWs: 'ws://127.0.0.1:1', wsApi: 'ws://127.0.0.1:1' },
        clock,
        rng: seededRng(1),
        rateLimits: [],
        circuit: { ...defaultCircuitLimits, failuresInRow: 1_000, answersMin: 1_000 },
        budgetWaitMax: 600 * second,
        requestTimeout: 600 * second,
        ...changes,
      }),
    );
  const ask = (rest: BinanceRest, signal?: AbortSignal) =>
    rest.ask({
      cost: { weight: 1, orders: 0 },
      priority: 'read',
      signal,
      send: () => {
        sent += 1;
        return new Promise<string>((resolve) => underWay.push(() => resolve('answer')));
      },
      read: String,
    });

  it('are under way a few at a time, however many are asked, and all are answered in the end', async () => {
    const rest = client();
    const answers = Promise.all(Array.from({ length: 100 }, () => ask(rest)));
    const most = [];
    for (await turn(); underWay.length > 0; await turn()) {
      most.push(underWay.length);
      underWay.shift()?.();
    }
    expect(await answers).toHaveLength(100);
    expect(Math.max(...most)).toBe(readsMax);
    rest.close();
  });

  it('count until they are answered, also when nobody waits for the answer any more', async () => {
    const rest = client({ requestTimeout: millisecond, budgetWaitMax: 0 });
    const given = await Promise.allSettled(Array.from({ length: readsMax }, () => ask(rest)));
    expect(given.map(({ status }) => status)).toEqual(Array(readsMax).fill('rejected'));
    await expect(ask(rest)).rejects.toMatchObject({ code: 'VENUE_RATE_LIMITED' });
    expect(sent).toBe(readsMax);
    for (const answer of underWay.splice(0)) answer();
    await turn();
    const next = ask(rest);
    await turn();
    expect(sent).toBe(readsMax + 1);
    underWay[0]?.();
    await next.catch(() => undefined);
    rest.close();
  });

  it('do not leave when nobody wants them any more', async () => {
    const rest = client();
    const first = Array.from({ length: readsMax }, () => ask(rest));
    await turn();
    const given = new AbortController();
    const unwanted = ask(rest, given.signal);
    given.abort();
    for (const answer of underWay.splice(0)) answer();
    await expect(unwanted).rejects.toMatchObject({ code: 'VENUE_CLOSED' });
    await Promise.all(first);
    expect(sent).toBe(readsMax);
    rest.close();
  });

  it('give up waiting when the client is closed', async () => {
    const rest = client();
    const first = Array.from({ length: readsMax }, () => ask(rest));
    await turn();
    const waiting = ask(rest);
    await turn();
    rest.close();
    await expect(waiting).rejects.toMatchObject({ code: 'VENUE_CLOSED' });
    for (const answer of underWay.splice(0)) answer();
    await Promise.all(first);
  });
});
