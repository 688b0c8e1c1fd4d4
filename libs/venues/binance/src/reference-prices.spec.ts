import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { Price, VenueId } from '@scalpstorm/model';
import { VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { RequestFailed } from './query-error.js';
import { ReferencePrices } from './reference-prices.js';
import type { RestCall } from './rest-call.js';

const sim = VenueId.of('sim');

/** Prices that go up by one with each question, and a clock that is set by hand. */
function parts() {
  const state = { now: Timestamp.fromMicros(0), questions: 0, failure: null as Error | null };
  const rest = {
    ask: async <Answer>({ read }: RestCall<Answer>): Promise<Answer> => {
      state.questions += 1;
      if (state.failure !== null) throw state.failure;
      return read({ mins: 5, price: `${100 + state.questions}.5` });
    },
  };
  const prices = new ReferencePrices(rest, { now: () => state.now });
  const wanted = async (symbol: string): Promise<void> => {
    prices.want(symbol);
    await prices.refresh();
  };
  const pass = (seconds: number): void => {
    state.now = Timestamp.plus(state.now, seconds * second);
  };
  return { state, prices, wanted, pass };
}

describe('the price that a band counts from', () => {
  it('is read behind who wants it, once for those who want it at the same time', async () => {
    const { state, prices, wanted } = parts();
    prices.want('BTCUSDT');
    prices.want('BTCUSDT');
    expect(prices.get('BTCUSDT')).toBeNull();
    await wanted('BTCUSDT');
    expect(prices.get('BTCUSDT')).toBe(Price.of('101.5'));
    expect(state.questions).toBe(1);
  });

  it('is kept known between orders, and forgotten when nobody wanted it for an hour', async () => {
    const { state, prices, wanted, pass } = parts();
    await wanted('BTCUSDT');
    for (let round = 0; round < 100; round += 1) {
      pass(25);
      await prices.refresh();
      expect(prices.get('BTCUSDT')).not.toBeNull();
    }
    pass(3_600);
    await prices.refresh();
    expect(prices.get('BTCUSDT')).toBeNull();
    expect(state.questions).toBe(101);
  });

  it('is not judged by when it is a minute old and the venue does not answer', async () => {
    const { state, prices, wanted, pass } = parts();
    await wanted('BTCUSDT');
    state.failure = new VenueUnreachable(sim, 'VENUE_TIMEOUT', 'no answer');
    pass(60);
    await wanted('BTCUSDT');
    expect(prices.get('BTCUSDT')).toBe(Price.of('101.5'));
    pass(1);
    expect(prices.get('BTCUSDT')).toBeNull();
  });

  it('is done without at a venue that does not have the endpoint', async () => {
    const { state, wanted, prices, pass } = parts();
    const cause = new RequestFailed({ kind: 'answered', status: 404, code: null, text: 'Not Found' });
    state.failure = new VenueRefused(sim, 'VENUE_REQUEST_REFUSED', 'no', 'nothing', { cause });
    await wanted('BTCUSDT');
    pass(30);
    await wanted('BTCUSDT');
    expect([state.questions, prices.get('BTCUSDT')]).toEqual([1, null]);
  });

  it('is read for a hundred symbols at the most, those that were wanted last', async () => {
    const { prices, wanted, pass, state } = parts();
    for (let number = 0; number < 101; number += 1) await wanted(`S${number}`);
    expect(prices.get('S0')).toBeNull();
    expect(prices.get('S1')).not.toBeNull();
    const before = state.questions;
    pass(30);
    await prices.refresh();
    expect(state.questions - before).toBe(100);
  });
});
