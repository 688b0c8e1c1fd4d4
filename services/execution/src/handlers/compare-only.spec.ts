import { beforeEach, describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, type InstrumentId, Price, type TradeId } from '@scalpstorm/model';
import { anAccount, anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts, settled } from '../../test/execution-parts.js';
import { FakeVenue } from '../../test/fake-venue.js';
import { BookedFills } from '../ports/booked-fills.js';
import { CompareOnly } from './compare-only.js';
import { WatchOrders } from './watch-orders.js';

const account = AccountId.of('demo');
const order = anOrderRequest();
const other = anOrderRequest({ clientOrderId: ClientOrderId.of('other') });
const elsewhere = anOrderRequest({ clientOrderId: ClientOrderId.of('elsewhere') });

class NothingBooked extends BookedFills {
  readonly booked = new Set<TradeId>();

  async among(_account: AccountId, _instrument: InstrumentId, ids: readonly TradeId[]): Promise<ReadonlySet<TradeId>> {
    return new Set(ids.filter((id) => this.booked.has(id)));
  }
}

describe('a dry run', () => {
  let parts: ExecutionParts;
  let fills: NothingBooked;
  let compareOnly: CompareOnly;
  let watch: WatchOrders;

  beforeEach(async () => {
    parts = new ExecutionParts();
    fills = new NothingBooked();
    const { ledger, venues, reconciliations, placeOrder, clock, reconcile, states, log } = parts;
    compareOnly = new CompareOnly(ledger, venues, reconciliations, fills, placeOrder, clock);
    watch = new WatchOrders(compareOnly, reconcile, venues, states, log);
    await parts.rest(order);
    await parts.rest(other);
    parts.clock.advance(10 * second);
  });

  const told = () => parts.reconciliations.concluded.length;

  it('finds nothing where books and venue agree', async () => {
    expect(await compareOnly.compare(account)).toEqual([]);
  });

  it('tells what a comparison would do, and does none of it', async () => {
    const canceled = parts.venue.view(order, { status: 'canceled' });
    parts.venue.orders.set(order.clientOrderId, canceled);
    parts.venue.orders.delete(other.clientOrderId);
    parts.venue.orders.set('web_1', parts.venue.view(elsewhere, { clientOrderId: 'web_1' }));
    parts.clock.advance(10 * second);
    const found = await compareOnly.compare(account);
    expect(found.map(({ subject, decision, repaired }) => [subject.split(' ').at(-1), decision, repaired])).toEqual([
      ['web_1', expect.stringContaining('external order'), false],
      [order.clientOrderId, 'it would be taken over from the venue', false],
      ['other', 'it would be closed as canceled', false],
    ]);
    expect([parts.stored(order).status, parts.stored(other).status]).toEqual(['accepted', 'accepted']);
    expect(told()).toBe(0);
    expect(parts.reconciliations.marks.size).toBe(0);
  });

  it('tells a fill that is not booked, and none that is', async () => {
    const fill = parts.fillOf(order, '1', {});
    parts.venue.fills = [fill];
    parts.clock.advance(10 * second);
    expect(await compareOnly.compare(account)).toMatchObject([{ kind: 'fill', decision: 'it would be booked' }]);
    fills.booked.add(fill.tradeId);
    expect(await compareOnly.compare(account)).toEqual([]);
    expect(parts.stored(order).filledQuantity).toBe(0n);
  });

  it('takes what happened just now for no difference', async () => {
    const now = parts.clock.now();
    parts.venue.orders.set(order.clientOrderId, parts.venue.view(order, { status: 'canceled', updatedAt: now }));
    expect(await compareOnly.compare(account)).toEqual([]);
  });

  describe('of the open orders alone', () => {
    it('leaves what differs to a whole comparison', async () => {
      parts.venue.orders.set(order.clientOrderId, parts.venue.view(order, { status: 'canceled' }));
      await watch.lookAtNext();
      expect(parts.stored(order).status).toBe('canceled');
      expect(told()).toBe(1);
    });

    it('asks for no comparison where nothing differs, or only what nobody placed here is there', async () => {
      parts.venue.orders.set('web_1', parts.venue.view(elsewhere, { clientOrderId: 'web_1' }));
      await watch.lookAtNext();
      expect(told()).toBe(0);
    });

    it('asks for no comparison because of what is held here alone, or is looked for anyhow', async () => {
      const stop = { kind: 'stop', price: Price.of('100'), source: 'mid' } as const;
      const held = anOrderRequest({ clientOrderId: ClientOrderId.of('held'), trigger: stop });
      await parts.approve(held);
      const lost = anOrderRequest({ clientOrderId: ClientOrderId.of('lost') });
      parts.venue.onPlace = () => ({ kind: 'unknown', code: 'TIMEOUT', text: 'no answer' });
      await parts.approve(lost);
      await settled(() => parts.stored(lost).status === 'unknown');
      parts.clock.advance(20 * second);
      await watch.lookAtNext();
      expect([parts.stored(held).status, parts.venue.listed]).toEqual(['emulated', [{ ifSpare: true }]]);
      expect(told()).toBe(0);
    });

    it('asks about one account after the other, and only as far as the venue’s budget has more than enough', async () => {
      const next = {
        account: anAccount({ id: AccountId.of('second') }),
        venue: new FakeVenue(() => parts.clock.now()),
      };
      parts.venues.attach(next.account, next.venue);
      parts.states.concluded(next.account.id, null, 0);
      await watch.lookAtNext();
      expect([parts.venue.listed, next.venue.listed]).toEqual([[{ ifSpare: true }], []]);
      await watch.lookAtNext();
      expect([parts.venue.listed, next.venue.listed]).toEqual([[{ ifSpare: true }], [{ ifSpare: true }]]);
    });
  });
});
