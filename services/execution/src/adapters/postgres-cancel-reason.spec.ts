import { afterEach, beforeEach, expect, it } from '@jest/globals';

import { type OrderEvent, VenueOrderId } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';

const clock = new FakeClock();
const order = anOrderRequest();
const { clientOrderId, accountId } = order;
const reason = { code: 'VENUE_CANCELED', text: 'the venue says canceled' };
const change = (...events: OrderEvent[]) => ({ clientOrderId, events, occurredAt: clock.now(), causedBy: null });
const sent: readonly OrderEvent[] = [
  { kind: 'sending', attempt: 1, expiresAt: clock.now() },
  { kind: 'accepted', venueOrderId: VenueOrderId.of('v1') },
  { kind: 'cancel-requested', cancelReason: 'stop' },
];

describeWithServers('why an order was canceled, in Postgres', ({ postgresUrl }) => {
  let scratch: ScratchSchema;

  beforeEach(async () => {
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
  });

  afterEach(() => scratch.remove());

  it.each([
    ['a cancel that was refused leaves no reason to the next process', [{ kind: 'cancel-rejected', reason }], null],
    ['a cancel that nobody has answered yet keeps it', [], 'stop'],
  ] as const)('%s', async (_name, answer, expected) => {
    const before = scratch.ledger();
    await before.open(accountId);
    await before.admit(order, change(...sent));
    await before.record(change(...answer));
    const after = scratch.ledger();
    await after.open(accountId);
    expect((await after.find(clientOrderId))?.order.cancelReason).toBe(expected);
    await after.record(change({ kind: 'canceled', reason }));
    expect((await after.find(clientOrderId))?.order).toMatchObject({ status: 'canceled', cancelReason: expected });
  });
});
