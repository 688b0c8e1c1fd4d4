import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, Money, Price, Quantity } from '@scalpstorm/model';
import { aBalance, anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts, settled } from '../../test/execution-parts.js';

const account = AccountId.of('demo');
const order = anOrderRequest();
const other = anOrderRequest({ clientOrderId: ClientOrderId.of('other') });
const half = Quantity.of('0.005');

describe('a fill that the books can not take', () => {
  /** Trade 1 is booked for one order; the venue then tells it of another, and trade 2 after it. */
  async function conflict() {
    const parts = new ExecutionParts();
    await parts.rest(order);
    await parts.rest(other);
    parts.venue.accept(order, { status: 'partially-filled', filledQuantity: half });
    parts.venue.fills = [parts.fillOf(order, '1', { quantity: half })];
    await parts.reconcile.run(account, 'timer');
    parts.reconciliations.marks.clear();
    parts.venue.accept(other, { status: 'partially-filled', filledQuantity: half });
    parts.venue.fills = [
      parts.fillOf(other, '1', { quantity: half }),
      parts.fillOf(other, '2', { quantity: half, price: Price.of('50001') }),
    ];
    return parts;
  }

  it('is a difference that stays open, stops opening, and does not hold up the fills after it', async () => {
    const parts = await conflict();
    for (let run = 0; run < 2; run += 1) {
      const found = await parts.reconcile.run(account, 'timer');
      const theirs = expect.stringContaining('other buy 0.005');
      const ours = expect.stringContaining(`${order.clientOrderId} buy 0.005`);
      const fault = { kind: 'fill', subject: 'sim:BTC-USDT trade 1', ours, theirs, repaired: false };
      expect(found.filter(({ kind }) => kind === 'fill' && run > 0)).toMatchObject(run > 0 ? [fault] : []);
      expect(found).toEqual(expect.arrayContaining([expect.objectContaining(fault)]));
      expect(parts.reconciliations.concluded.at(-1)).toMatchObject({ clean: false });
    }
    expect(parts.ledger.bookedTrades).toEqual(['1', '2']);
    expect([...parts.reconciliations.marks.values()]).toEqual(['2']);
    expect(parts.states.of(account)).toMatchObject({ kind: 'close-only', code: 'FILL_CONFLICT' });
    await parts.approve(anOrderRequest({ clientOrderId: ClientOrderId.of('new') }));
    expect(parts.stored({ ...order, clientOrderId: ClientOrderId.of('new') }).status).toBe('denied');
  });

  it('is kept when the stream tells it, also when its trade is older than the mark', async () => {
    const parts = await conflict();
    await parts.reconcile.run(account, 'timer');
    const wrong = parts.fillOf(order, '1', { quantity: half, fee: Money.of('0.5', 'USDT') });
    parts.venueReport.listenerFor(account).onFill(wrong, parts.venue.view(order));
    await settled();
    expect(parts.reconciliations.refused.map(({ fault }) => fault)).toEqual(['fill-conflict', 'fill-conflict']);
    expect(parts.log.lines.some(({ text }) => text.startsWith('FILL_CONFLICT'))).toBe(true);
  });

  it('stops opening at once, before the venue can be compared', async () => {
    const parts = new ExecutionParts();
    await parts.rest(order);
    parts.venue.reachable = false;
    const tooMuch = parts.fillOf(order, '1', { quantity: Quantity.of('1') });
    parts.venueReport.listenerFor(account).onFill(tooMuch, parts.venue.view(order));
    await settled();
    expect(parts.states.of(account)).toMatchObject({ kind: 'close-only', code: 'FILL_NOT_BOOKED' });
  });

  it('is no fault when it is told again as it was', async () => {
    const parts = await conflict();
    parts.venue.fills = [parts.fillOf(order, '1', { quantity: half })];
    parts.venue.accept(other);
    expect(await parts.reconcile.run(account, 'timer')).toEqual([]);
    expect(parts.reconciliations.refused).toEqual([]);
    expect(parts.states.of(account).kind).toBe('trading');
  });

  it('is closed when it can be booked after all, and the account trades again', async () => {
    const parts = new ExecutionParts();
    await parts.rest(order);
    const fill = parts.fillOf(order, '1', { quantity: half });
    await parts.reconciliations.keepRefused(account, { fill, fault: 'illegal-transition', booked: 'not booked' });
    parts.venue.accept(order, { status: 'partially-filled', filledQuantity: half });
    await parts.reconcile.run(account, 'timer');
    expect(parts.ledger.bookedTrades).toEqual(['1']);
    expect(await parts.reconciliations.openRefused(account, 9)).toEqual({ rows: [], count: 0 });
    expect(parts.states.of(account).kind).toBe('trading');
  });
});

describe('news of an order that the bus refused for good', () => {
  it('stops opening at once and through every comparison, until a person has closed it', async () => {
    const parts = new ExecutionParts();
    await parts.rest(order);
    parts.untold.refuse(account);
    expect(parts.states.of(account)).toMatchObject({ kind: 'close-only', code: 'ORDER_EVENT_REFUSED' });
    await settled(() => parts.reconciliations.concluded.length === 1);
    expect(await parts.reconcile.run(account, 'timer')).toMatchObject([
      { kind: 'order', subject: 'events of orders', ours: '1 not told', repaired: false },
    ]);
    expect(parts.states.of(account)).toMatchObject({ kind: 'close-only', code: 'ORDER_EVENT_REFUSED' });
    parts.untold.open = 0;
    expect(await parts.reconcile.run(account, 'timer')).toEqual([]);
    expect(parts.states.of(account).kind).toBe('trading');
  });
});

describe('a gap of the user stream', () => {
  it('that can not be compared stops opening until a comparison is through; a timer that fails does not', async () => {
    const parts = new ExecutionParts();
    parts.venue.reachable = false;
    parts.reconcile.repair(account, 'timer');
    await settled();
    expect(parts.states.of(account).kind).toBe('trading');
    parts.venueReport.listenerFor(account).onReconnected();
    await settled();
    expect(parts.states.of(account)).toMatchObject({ kind: 'close-only', code: 'STREAM_GAP_NOT_COMPARED' });
    parts.venue.reachable = true;
    await parts.reconcile.run(account, 'timer');
    expect(parts.states.of(account).kind).toBe('trading');
  });

  it('stops opening while it is compared, also behind a comparison that began before it', async () => {
    const parts = new ExecutionParts();
    const earlier = parts.reconcile.run(account, 'timer');
    const told: string[] = [];
    parts.venueReport.listenerFor(account).onReconnected();
    expect(parts.states.of(account)).toMatchObject({ kind: 'close-only', code: 'STREAM_GAP_NOT_COMPARED' });
    await earlier;
    told.push(parts.states.of(account).kind);
    await parts.reconcile.settled(account);
    told.push(parts.states.of(account).kind);
    expect(told).toEqual(['close-only', 'trading']);
  });
});

describe('an order that differs', () => {
  it('ends as the venue says only after its missing fills are booked', async () => {
    const parts = new ExecutionParts();
    await parts.rest(order);
    parts.venue.accept(order, { status: 'canceled', filledQuantity: half });
    parts.venue.fills = [parts.fillOf(order, '1', { quantity: half })];
    await parts.reconcile.run(account, 'reconnect');
    const told = parts.ledger.storage.commits.flatMap(({ events }) => events.map(({ event }) => event.kind));
    expect(told).toEqual(['sending', 'accepted', 'end-held', 'filled', 'canceled']);
    expect(parts.stored()).toMatchObject({ status: 'canceled', filledQuantity: half });
  });

  it('alarms when we booked more than the venue did, and not when its view was only old', async () => {
    const parts = new ExecutionParts();
    await parts.rest(order);
    const fill = parts.fillOf(order, '1', { quantity: half });
    parts.venueReport.listenerFor(account).onFill(fill, parts.venue.view(order));
    await settled();
    parts.clock.advance(10 * second);
    const found = await parts.reconcile.run(account, 'timer');
    expect(found).toMatchObject([{ kind: 'order', ours: '0.005', theirs: '0', repaired: false }]);
    expect(found[0]?.decision).toContain('FILLS_DIFFER');
    const open = parts.venue.openOrders.bind(parts.venue);
    parts.venue.openOrders = async () => {
      const old = await open();
      parts.venue.accept(order, { status: 'partially-filled', filledQuantity: half });
      return old;
    };
    parts.venue.fills = [fill];
    expect(await parts.reconcile.run(account, 'timer')).toEqual([]);
  });
});

describe('a venue that has forgotten', () => {
  async function forgetful() {
    const parts = new ExecutionParts({ recovered: false });
    parts.states.concluded(account, null, 0);
    for (const name of ['a', 'b', 'c', 'd']) {
      await parts.rest(anOrderRequest({ clientOrderId: ClientOrderId.of(name) }));
    }
    parts.clock.advance(10 * second);
    parts.venue.orders.clear();
    return parts;
  }

  it('everything is one difference and a held account; nothing is canceled, sent or asked for any more', async () => {
    const parts = await forgetful();
    const found = await parts.reconcile.run(account, 'reconnect');
    expect(found).toMatchObject([{ kind: 'order', theirs: 'not found', repaired: false }]);
    expect(found[0]?.decision).toMatch(/^VENUE_FORGOT_ORDERS: .*--reset/);
    expect(parts.states.of(account)).toMatchObject({ kind: 'held', code: 'VENUE_FORGOT_ORDERS' });
    expect(parts.ledger.working()).toHaveLength(4);
    const closing = anOrderRequest({ clientOrderId: ClientOrderId.of('close'), side: 'sell', purpose: 'close' });
    await parts.approve(closing);
    expect(parts.stored(closing).status).toBe('denied');
    const asked = parts.venue.looked.length;
    for (let round = 0; round < 50; round += 1) {
      parts.clock.advance(second);
      await parts.resolveUnknown.round();
    }
    expect(parts.venue.looked.length).toBe(asked);
    await parts.reconcile.run(account, 'timer');
    expect(parts.venue.looked.length).toBe(asked + 3);
  });

  it('one order alone is closed as before', async () => {
    const parts = await forgetful();
    for (const name of ['a', 'b', 'c'])
      parts.venue.accept(anOrderRequest({ clientOrderId: ClientOrderId.of(name) }), { status: 'open' });
    const found = await parts.reconcile.run(account, 'timer');
    expect(found).toMatchObject([{ decision: 'closed as canceled', repaired: true }]);
    expect(parts.states.of(account).kind).toBe('trading');
  });

  it('and remembers again is traded with again', async () => {
    const parts = await forgetful();
    await parts.reconcile.run(account, 'timer');
    for (const name of ['a', 'b', 'c', 'd'])
      parts.venue.accept(anOrderRequest({ clientOrderId: ClientOrderId.of(name) }));
    await parts.reconcile.run(account, 'timer');
    expect(parts.states.of(account).kind).toBe('trading');
  });
});

describe('the quiet moment for balances', () => {
  it('is waited for with growing pauses, a bounded number of times', async () => {
    const parts = new ExecutionParts();
    await parts.rest(order);
    parts.venue.holdings = [aBalance({})];
    let trade = 0;
    const balances = parts.venue.balances.bind(parts.venue);
    parts.venue.balances = async () => {
      trade += 1;
      const fill = parts.fillOf(order, `${trade}`, { quantity: Quantity.of('0.0001') });
      parts.venue.fills = [...parts.venue.fills, fill];
      return balances();
    };
    await parts.reconcile.run(account, 'timer');
    expect(parts.pause.waited).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
    expect(parts.log.lines.some(({ text }) => text.startsWith('no quiet moment'))).toBe(true);
  });
});
