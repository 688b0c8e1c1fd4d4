import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startExchange } from '../../test/exchange-process.js';
import { UserEvents } from '../../test/user-events.js';

let exchange: Awaited<ReturnType<typeof startExchange>>;

beforeAll(async () => {
  exchange = await startExchange('--symbols', 'BTC-USDT');
});

afterAll(() => exchange.stop());

it('names the subscriptions of the connection that asks, and of no other', async () => {
  const subscribed = await UserEvents.subscribe(exchange.announcement);
  const other = await UserEvents.subscribe(exchange.announcement);
  const [mine] = (await subscribed.ask('session.subscriptions')) as { subscriptionId: number }[];
  const [theirs] = (await other.ask('session.subscriptions')) as { subscriptionId: number }[];
  expect([typeof mine?.subscriptionId, typeof theirs?.subscriptionId]).toEqual(['number', 'number']);
  expect(mine).not.toEqual(theirs);
  subscribed.close();
  other.close();
});
