import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, Money, Quantity } from '@scalpstorm/model';
import { aBalance, anAccount, anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts, held, settled } from '../../test/execution-parts.js';

const account = AccountId.of('demo');
const order = anOrderRequest();
const half = Quantity.of('0.005');

function usdt(free: string) {
  return [aBalance({ free: Money.of(free, 'USDT') })];
}

/** Two orders rest; the venue does not know the first any more. */
async function forgotten() {
  const parts = new ExecutionParts();
  await parts.rest(anOrderRequest({ clientOrderId: ClientOrderId.of('remembered') }));
  await parts.rest();
  parts.venue.orders.delete(order.clientOrderId);
  return parts;
}

describe('reconciliation', () => {
  it('finds nothing when books and venue agree', async () => {
    const parts = new ExecutionParts();
    await parts.rest();
    expect(await parts.reconcile.run(account, 'start')).toEqual([]);
    expect(parts.reconciliations.concluded).toMatchObject([{ trigger: 'start', clean: true }]);
  });

  it('books a fill that the stream lost, says so, and is clean afterwards', async () => {
    const parts = new ExecutionParts();
    await parts.rest();
    parts.venue.accept(order, { status: 'partially-filled', filledQuantity: half });
    parts.venue.fills = [parts.fillOf(order, '1', { quantity: half })];
    parts.clock.advance(10 * second);
    const found = await parts.reconcile.run(account, 'timer');
    expect(found).toMatchObject([{ kind: 'fill', decision: 'booked', repaired: true }]);
    expect(parts.reconciliations.concluded).toMatchObject([{ clean: true }]);
    expect(parts.stored()).toMatchObject({ status: 'partially-filled', filledQuantity: half });
    expect(await parts.reconcile.run(account, 'timer')).toEqual([]);
  });

  it('books a lost fill that is older than one that was heard', async () => {
    const parts = new ExecutionParts();
    await parts.rest();
    parts.venue.accept(order, { status: 'filled', filledQuantity: order.quantity });
    const [lost, heard] = [parts.fillOf(order, '1', { quantity: half }), parts.fillOf(order, '2', { quantity: half })];
    parts.venue.fills = [lost, heard];
    const { clientOrderId } = order;
    const now = parts.clock.now();
    await parts.ledger.record({
      clientOrderId,
      events: [{ kind: 'filled', fill: heard }],
      occurredAt: now,
      causedBy: null,
    });
    await parts.reconcile.run(account, 'timer');
    expect(parts.ledger.bookedTrades).toEqual(['2', '1']);
    expect(parts.stored().status).toBe('filled');
  });

  it('does not call it a difference when the stream is telling it at this moment', async () => {
    const parts = new ExecutionParts();
    await parts.rest();
    parts.venue.accept(order, { status: 'partially-filled', filledQuantity: half });
    parts.venue.fills = [parts.fillOf(order, '1', { quantity: half })];
    expect(await parts.reconcile.run(account, 'timer')).toEqual([]);
    expect(parts.ledger.bookedTrades).toEqual(['1']);
  });

  it('says that fills are missing when the venue does not list them', async () => {
    const parts = new ExecutionParts();
    await parts.rest();
    parts.venue.accept(order, { status: 'partially-filled', filledQuantity: half });
    const found = await parts.reconcile.run(account, 'timer');
    expect(found).toMatchObject([{ kind: 'order', repaired: false, ours: expect.stringContaining('0.005') }]);
    expect(parts.reconciliations.concluded).toMatchObject([{ clean: false }]);
  });

  it('tells of an order that is not ours and leaves it alone', async () => {
    const parts = new ExecutionParts();
    parts.venue.accept(anOrderRequest({ clientOrderId: ClientOrderId.of('foreign1') }));
    const found = await parts.reconcile.run(account, 'timer');
    expect(found).toMatchObject([{ kind: 'order', ours: 'unknown', repaired: true }]);
    expect(parts.venue.canceled).toEqual([]);
  });

  it('tells of a foreign fill once', async () => {
    const parts = new ExecutionParts();
    await parts.rest();
    const foreign = parts.fillOf(anOrderRequest({ clientOrderId: ClientOrderId.of('foreign1') }), '9');
    parts.venue.fills = [{ ...foreign, clientOrderId: ClientOrderId.of('foreign1') }];
    parts.clock.advance(second);
    expect(await parts.reconcile.run(account, 'timer')).toMatchObject([{ kind: 'fill', ours: 'unknown' }]);
    expect(await parts.reconcile.run(account, 'timer')).toEqual([]);
  });

  it('closes an order that the venue had and does not know any more', async () => {
    const parts = await forgotten();
    parts.clock.advance(10 * second);
    const found = await parts.reconcile.run(account, 'timer');
    expect(found).toMatchObject([{ theirs: 'not found', repaired: true }]);
    expect(parts.stored()).toMatchObject({ status: 'canceled', reason: { code: 'VENUE_NOT_FOUND' } });
  });

  it.each(['timer', 'start', 'reconnect'] as const)(
    'ends no order by an answer that may be older than the order: %s',
    async (trigger) => {
      const parts = await forgotten();
      parts.clock.advance(second / 20);
      expect(await parts.reconcile.run(account, trigger)).toEqual([]);
      expect(parts.stored().status).toBe('accepted');
    },
  );

  it('ends no order by one not-found: the second answer counts', async () => {
    const parts = await forgotten();
    parts.clock.advance(10 * second);
    parts.pause.meanwhile = () => void parts.venue.accept(order);
    expect(await parts.reconcile.run(account, 'timer')).toEqual([]);
    expect(parts.stored().status).toBe('accepted');
    expect(parts.pause.waited).toEqual([500]);
  });

  it('ends no order that somebody spoke of while it was asked for', async () => {
    const parts = await forgotten();
    parts.clock.advance(10 * second);
    const fill = parts.fillOf(order, '1', { quantity: half });
    parts.pause.meanwhile = async () => {
      parts.venueReport.listenerFor(account).onFill(fill, parts.venue.view(order));
      await settled();
    };
    await parts.reconcile.run(account, 'timer');
    expect(parts.stored().status).toBe('partially-filled');
  });

  it('never ends an order that was only sent', async () => {
    const parts = new ExecutionParts();
    parts.venue.onPlace = () => ({ kind: 'unknown', code: 'TIMEOUT', text: 'no answer' });
    await parts.approve();
    await settled(() => parts.stored().status === 'unknown');
    parts.clock.advance(60 * second);
    expect(await parts.reconcile.run(account, 'start')).toEqual([]);
    expect(parts.stored().status).toBe('unknown');
  });

  it('alarms when an order that is over here works at the venue', async () => {
    const parts = new ExecutionParts();
    const late = parts.approval();
    parts.clock.advance(3 * second);
    await parts.approved.handle(late);
    parts.venue.accept(order);
    // Its end may be younger than the answer.
    expect(await parts.reconcile.run(account, 'start')).toEqual([]);
    expect(parts.venue.canceled).toEqual([]);
    parts.clock.advance(10 * second);
    let toldBefore = 0;
    parts.venue.onCancel = () => {
      toldBefore = parts.reconciliations.concluded.length;
      return { kind: 'canceled', order: parts.venue.view(order, { status: 'canceled' }) };
    };
    expect(await parts.reconcile.run(account, 'timer')).toMatchObject([{ ours: 'expired', repaired: false }]);
    expect(parts.states.of(account)).toMatchObject({ kind: 'close-only', code: 'ALIVE_AT_VENUE' });
    expect(parts.venue.canceled).toEqual([order.clientOrderId]);
    // The reason, which is the difference, is durable first.
    expect(toldBefore).toBe(2);
    parts.venue.orders.clear();
    expect(await parts.reconcile.run(account, 'timer')).toEqual([]);
    expect(parts.states.of(account).kind).toBe('trading');
  });

  it('leaves an order alone that is over at the venue too when it is asked for again', async () => {
    const parts = new ExecutionParts();
    const late = parts.approval();
    parts.clock.advance(3 * second);
    await parts.approved.handle(late);
    parts.clock.advance(10 * second);
    parts.venue.openOrders = async () => [parts.venue.view(order)];
    parts.venue.orders.set(order.clientOrderId, parts.venue.view(order, { status: 'expired' }));
    expect(await parts.reconcile.run(account, 'timer')).toEqual([]);
    expect(parts.venue.canceled).toEqual([]);
  });

  it('keeps a hold that came after its review, and compares again', async () => {
    const parts = new ExecutionParts({ recovered: false });
    await parts.reconcile.run(account, 'start');
    await parts.rest();
    const conclude = parts.reconciliations.conclude.bind(parts.reconciliations);
    const tooMuch = parts.fillOf(order, '1', { quantity: Quantity.of('1') });
    let states: string[] = [];
    parts.reconciliations.conclude = async (run) => {
      if (states.length === 0) {
        states = ['told'];
        parts.venueReport.listenerFor(account).onFill(tooMuch, parts.venue.view(order));
        await settled();
      }
      return conclude(run);
    };
    const concluded = parts.states.concluded.bind(parts.states);
    parts.states.concluded = (id, hold, generation) => {
      concluded(id, hold, generation);
      states.push(parts.states.of(account).kind);
    };
    await parts.reconcile.run(account, 'timer');
    await settled(() => states.length === 3);
    expect(states).toEqual(['told', 'close-only', 'close-only']);
  });

  it('does not explain away a balance on a simulated account', async () => {
    const parts = new ExecutionParts();
    parts.venue.holdings = usdt('100');
    expect(await parts.reconcile.run(account, 'start')).toEqual([]);
    parts.venue.holdings = usdt('100.000000000000000001');
    const wrong = { kind: 'balance', ours: '100', theirs: '100.000000000000000001', repaired: false };
    expect(await parts.reconcile.run(account, 'timer')).toMatchObject([wrong]);
    expect(await parts.reconcile.run(account, 'timer')).toMatchObject([wrong]);
  });

  it('follows the venue when a balance of a real account moves by itself', async () => {
    const parts = new ExecutionParts({ account: anAccount({ mode: 'live' }) });
    parts.venue.holdings = usdt('100');
    await parts.reconcile.run(account, 'start');
    parts.venue.holdings = usdt('90');
    expect(await parts.reconcile.run(account, 'timer')).toMatchObject([{ kind: 'balance', repaired: true }]);
    expect(await parts.reconcile.run(account, 'timer')).toEqual([]);
  });

  it('explains a balance by our fills', async () => {
    const parts = new ExecutionParts();
    parts.venue.holdings = usdt('1000');
    await parts.reconcile.run(account, 'start');
    await parts.rest();
    parts.venue.accept(order, { status: 'filled', filledQuantity: order.quantity });
    parts.venue.fills = [parts.fillOf(order, '1')];
    const bought = aBalance({
      currency: 'BTC' as never,
      free: Money.of('0.00999', 'BTC'),
      locked: Money.of('0', 'BTC'),
    });
    parts.venue.holdings = [...usdt('500'), bought];
    expect((await parts.reconcile.run(account, 'reconnect')).filter(({ kind }) => kind === 'balance')).toEqual([]);
  });

  it('concludes nothing when the venue does not answer', async () => {
    const parts = new ExecutionParts();
    parts.venue.reachable = false;
    await expect(parts.reconcile.run(account, 'timer')).rejects.toThrow('away');
    expect(parts.reconciliations.concluded).toEqual([]);
  });

  it('gives all who ask during a run the one run that follows', async () => {
    const parts = new ExecutionParts();
    const answer = held<void>();
    const time = parts.venue.serverTime.bind(parts.venue);
    let asked = 0;
    parts.venue.serverTime = async () => {
      asked += 1;
      if (asked === 1) await answer.promise;
      return time();
    };
    const all = Array.from({ length: 20 }, () => parts.reconcile.run(account, 'request'));
    answer.keep();
    await Promise.all(all);
    expect(parts.reconciliations.concluded).toHaveLength(2);
    await parts.reconcile.run(account, 'request');
    expect(parts.reconciliations.concluded).toHaveLength(3);
  });
});
