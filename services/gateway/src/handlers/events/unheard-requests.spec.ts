import { describe, expect, it } from '@jest/globals';
import type { Bus } from '@scalpstorm/bus';
import { second, Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { anOrderRequest } from '@scalpstorm/testkit';
import { alice } from '../../../test/stream-world.js';
import { Air, ToldGateway } from '../../../test/told-gateways.js';
import { HearingLag } from '../../domain/hearing-lag.js';
import { unheardOrderView } from '../../domain/unheard-order.js';
import { requestedOrderView } from '../../domain/views.js';
import { Projection } from '../../ports/projection.js';
import { UnheardRequests } from './unheard-requests.js';

/** Keeps one request that nobody judged, and remembers until when those to be ended had to be valid. */
class OneRequest extends Projection {
  readonly askedFor: Timestamp[] = [];
  async fold(): Promise<boolean> {
    return true;
  }
  async foldAnswer(): Promise<void> {}
  async foldRequest(): Promise<void> {}
  async endUnheard(validBefore: Timestamp, now: Timestamp) {
    this.askedFor.push(validBefore);
    const request = anOrderRequest({ clientOrderId: ClientOrderId.of('m1'), userId: alice });
    return [{ userId: alice, view: unheardOrderView(requestedOrderView(request, now), now) }];
  }
}

describe('requests that nobody judged', () => {
  const setUp = (bus: { state: Bus['state'] } = { state: 'connected' }) => {
    const air = new Air();
    const gateway = new ToldGateway(air);
    new ToldGateway(air).tells.beat();
    const projection = new OneRequest();
    const lag = new HearingLag(gateway.clock);
    const { tells, clock } = gateway;
    const requests = new UnheardRequests(projection, tells, lag, bus as Bus, clock, new RecordingLog());
    return { requests, projection, lag, clock, air };
  };

  it('are ended a minute after they could be judged, and every stream is told', async () => {
    const { requests, projection, clock, air } = setUp();
    await requests.end();
    expect(projection.askedFor).toEqual([Timestamp.plus(clock.now(), -60 * second)]);
    expect(air.changes()).toMatchObject([
      { change: { channel: 'orders', userId: alice, row: { status: 'denied', final: true } } },
    ]);
  });

  it('stay as they are while news of orders is late: one of them may have been judged', async () => {
    const { requests, projection, lag, clock } = setUp();
    lag.heard(Timestamp.plus(clock.now(), -60 * second));
    await requests.end();
    expect(projection.askedFor).toEqual([]);
  });

  it('stay as they are while the bus is away', async () => {
    const { requests, projection } = setUp({ state: 'reconnecting' });
    await requests.end();
    expect(projection.askedFor).toEqual([]);
  });
});
