import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeFills } from './fill-contract.js';
import { describeMarket } from './market-contract.js';
import { describeOrders } from './order-contract.js';
import { type Standing, stand, type VenueUnderTest } from './standing.js';
import { describeWeather } from './weather-contract.js';

/**
 * The suite that every venue adapter passes, fakes included, against a venue that really answers. Read it as the description of
 * what execution and market data rely on:
 *
 * - market: counters only grow, a told book is in step and ordered, what was told can be asked for again
 * - orders: one id makes one open order; every answer is accepted, rejected with proof, or unknown; an expired request is proof
 * - fills: told once, the same way in the answer, on the stream and when asked; balances move by exactly them; fees are the account's
 * - weather: a question that failed throws and never answers; an order to nowhere is not accepted; nothing is left after close
 */
export function describeVenueContract(name: string, setUp: () => Promise<VenueUnderTest>): void {
  describe(`${name} keeps the contract of a venue`, () => {
    let standing: Standing;
    beforeAll(async () => {
      standing = await stand(await setUp());
    });
    afterAll(async () => {
      await standing.venue.close();
    });
    const get = (): Standing => standing;
    describeMarket(get);
    describeOrders(get);
    describeFills(get);
    describeWeather(get);
  });
}
