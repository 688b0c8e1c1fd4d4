import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@scalpstorm/model';
import { fillAll, holding, news, told } from '../scene.js';

const newer = ['format', 'restUntil', 'closing', 'target', 'best', 'exitKind', 'dust', 'waits'];
const newerOfOrders = ['timeInForce', 'placedAt', 'outdated'];

const without = (json: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));

/** As the first version wrote it down. */
function older(state: JsonObject): JsonObject {
  const { orders, books, ...rest } = without(state, newer);
  return {
    ...rest,
    orders: (orders as JsonObject[]).map((fact) => without(fact, newerOfOrders)),
    books: without(books as JsonObject, ['paid']),
  };
}

describe('a bot that an earlier version wrote down', () => {
  it('goes on with its exit, and completes its cycle', () => {
    const venue = holding();
    venue.state = older(venue.state);
    expect(told(venue.hear({ kind: 'restored' }))).toEqual(['reached started: STARTED']);
    expect(fillAll(venue)).toContain('cycle 0 net 9.78011');
    expect(venue.live).toHaveLength(1);
  });

  it('heeds parameters that its version did not have', () => {
    const venue = holding({ stopLossPercent: '5', entryTimeoutSeconds: 60 });
    venue.state = older(venue.state);
    expect(told(venue.market('95'))).toEqual(['WARNING STOP_LOSS', 'cancel X000000000: replace']);
    expect(news(venue)).toEqual(['close sell 0.999 at market (X000000001, ask 0)']);
  });
});
