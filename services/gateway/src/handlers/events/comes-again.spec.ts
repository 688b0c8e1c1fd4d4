import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMeta } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { BotId, EventId } from '@scalpstorm/model';
import { aBot, anOrder, anOrderRequest, eventually } from '@scalpstorm/testkit';
import { alice } from '../../../test/stream-world.js';
import { Air, ToldGateway } from '../../../test/told-gateways.js';
import { HearingLag } from '../../domain/hearing-lag.js';
import { Projection } from '../../ports/projection.js';
import { BotEventsHandler } from './bot-events.handler.js';
import { OrderEventsHandler } from './order-events.handler.js';

class FakeProjection extends Projection {
  isNew = true;
  async fold(): Promise<boolean> {
    return this.isNew;
  }
  async foldAnswer(): Promise<void> {}
  async foldRequest(): Promise<void> {}
  async endUnheard() {
    return [];
  }
}

const at = Timestamp.fromMicros(1_700_000_000_000_000);
const meta = createMeta(EventId.of('evt'), null, at, at);
const given = (deliveries: number) => ({
  subject: 'any',
  deliveries,
  streamSequence: 1,
  receivedAt: at,
  traceparent: null,
});
const order = anOrder({ request: anOrderRequest({ userId: alice }), version: 1 });
const orderEvent = { meta, order, event: { kind: 'submitted' as const } };
const bot = aBot({ id: BotId.of('bot_again001'), userId: alice, version: 1 });

describe('an event of the streams', () => {
  let gateway: ToldGateway;
  let projection: FakeProjection;
  let orders: OrderEventsHandler;
  let bots: BotEventsHandler;

  beforeEach(() => {
    gateway = new ToldGateway(new Air());
    projection = new FakeProjection();
    orders = new OrderEventsHandler(projection, gateway.tells, new HearingLag({ now: () => at }));
    bots = new BotEventsHandler(projection, gateway.tells);
  });

  it('that changed something is shown', async () => {
    const { peer } = await gateway.loggedIn('alice', ['orders']);
    await orders.changed(orderEvent, given(1));
    expect(peer.heads('orders')).toEqual([
      ['snapshot', 1],
      ['delta', 2],
    ]);
  });

  it('that comes for the first time and changed nothing is not', async () => {
    const { peer } = await gateway.loggedIn('alice', ['orders']);
    projection.isNew = false;
    await orders.changed(orderEvent, given(1));
    expect(peer.heads('orders')).toEqual([['snapshot', 1]]);
  });

  it('that comes again and was folded before was perhaps never shown, so its owner looks anew', async () => {
    const { peer } = await gateway.loggedIn('alice', ['orders', 'bots']);
    projection.isNew = false;
    await orders.changed(orderEvent, given(2));
    await bots.changed({ meta, bot, deleted: false }, given(2));
    for (const channel of ['orders', 'bots']) {
      await eventually(() =>
        expect(peer.heads(channel)).toEqual([
          ['snapshot', 1],
          ['snapshot', 1],
        ]),
      );
    }
  });

  it('that comes again and is folded only now is shown', async () => {
    const { peer } = await gateway.loggedIn('alice', ['orders']);
    await orders.changed(orderEvent, given(3));
    expect(peer.heads('orders').at(-1)).toEqual(['delta', 2]);
  });

  it('of a bot is shown also when the answer to its owner was folded first', async () => {
    const { peer } = await gateway.loggedIn('alice', ['bots']);
    projection.isNew = false;
    await bots.changed({ meta, bot, deleted: false }, given(1));
    expect(peer.heads('bots').at(-1)).toEqual(['delta', 2]);
  });

  it('of a bot that was deleted with the version that it had is shown, and nothing of the bot after it', async () => {
    const { peer } = await gateway.loggedIn('alice', ['bots']);
    await bots.changed({ meta, bot, deleted: true }, given(1));
    await bots.changed({ meta, bot, deleted: false }, given(1));
    expect(peer.on('bots').slice(1)).toEqual([['delta', 2, [{ id: bot.id, version: 1, deleted: true }]]]);
  });
});
