import { hostname } from 'node:os';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { orderChanged, orderFromView, type StandingOrderRow } from '@scalpstorm/contracts';
import {
  AccountId,
  ClientOrderId,
  EventId,
  InstrumentId,
  Money,
  type OrderEvent,
  Price,
  Quantity,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import { thisHolder } from '@scalpstorm/store';
import { aFill, anOrderRequest, describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import type { Change } from '../ports/ledger.js';

const account = AccountId.of('demo');
const clock = new FakeClock();
const order = anOrderRequest();
const { clientOrderId, instrumentId } = order;
const venueOrderId = VenueOrderId.of('v1');
const sending: OrderEvent = { kind: 'sending', attempt: 1, expiresAt: clock.now() };
const accepted: OrderEvent = { kind: 'accepted', venueOrderId };
const fill = aFill({ quantity: Quantity.of('0.005'), price: Price.of('50000.01') });
const filled: OrderEvent = { kind: 'filled', fill };
const change = (...events: OrderEvent[]): Change => ({
  clientOrderId,
  events,
  occurredAt: clock.now(),
  causedBy: null,
});
const [host, , ...evidence] = thisHolder.split('/');
/** No process has such a number. */
const deadHolder = [host, 2 ** 30, ...evidence].join('/');

describeWithServers('the ledger in Postgres', ({ postgresUrl }) => {
  let scratch: ScratchSchema;

  beforeEach(async () => {
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
  });

  afterEach(() => scratch.remove());

  it('opens an account once, however often it is asked to', async () => {
    const store = scratch.store();
    const ledger = scratch.ledger(store);
    await ledger.open(account);
    await ledger.admit(order, change(sending));
    await ledger.open(account);
    expect(await ledger.record(change(accepted))).toMatchObject({ applied: 1 });
    // A second lease would end the process when the first one is renewed.
    expect(await store.sql`select token::int from leases`).toEqual([{ token: 1 }]);
  });

  it('gives the next process exactly what this one knew', async () => {
    const before = scratch.ledger();
    await before.open(account);
    const { tracked } = await before.admit(order, change(sending, accepted));
    await before.record(change(filled));
    const after = scratch.ledger();
    await after.open(account);
    const known = await after.find(clientOrderId);
    expect(known).toEqual(await before.find(clientOrderId));
    expect(known?.order).toMatchObject({ status: 'partially-filled', version: 3 });
    expect(tracked.attempt).toBe(1);
    expect(after.working(account)).toEqual([known]);
    expect(after.positions(account)).toEqual(before.positions(account));
    expect(await after.record(change(filled))).toMatchObject({ applied: 0, refused: [] });
    const { instrumentId } = tracked.order.request;
    const byVenueId = await after.findByVenueId(account, { instrumentId, venueOrderId });
    expect(byVenueId?.order.request.clientOrderId).toBe(clientOrderId);
    const elsewhere = { instrumentId: InstrumentId.of('sim', 'ETH-USDT'), venueOrderId };
    expect(await after.findByVenueId(account, elsewhere)).toBeNull();
  });

  it('writes order, events, fill, position and message in one transaction', async () => {
    const store = scratch.store();
    const ledger = scratch.ledger(store);
    await ledger.open(account);
    await ledger.admit(order, change(sending, accepted, filled));
    const kinds = await store.sql`select kind from order_events order by version`;
    expect(kinds.map((row) => row['kind'])).toEqual(['sending', 'accepted', 'filled']);
    const messages = await store.sql<{ payload: Uint8Array }[]>`select payload from outbox order by seq`;
    const told = messages.map(({ payload }) => orderChanged.decode(payload));
    expect(told.map((event) => `${event.order.version} ${event.event.kind}`)).toEqual([
      '1 sending',
      '2 accepted',
      '3 filled',
    ]);
    expect(told.at(-1)?.order).toEqual((await ledger.find(clientOrderId))?.order);
    const [position] = await store.sql`select quantity, cash, fills from positions`;
    expect(position).toMatchObject({ quantity: '0.00499', cash: '-250.00005', fills: 1 });
  });

  it('shows working orders and those that ended not long ago to others', async () => {
    const store = scratch.store();
    const ledger = scratch.ledger(store);
    await ledger.open(account);
    await ledger.admit(order, change(sending, accepted));
    const old = anOrderRequest({ clientOrderId: ClientOrderId.of('old') });
    const rejected: OrderEvent = { kind: 'rejected', reason: { code: 'NO', text: 'no' } };
    await ledger.admit(old, { ...change(sending, rejected), clientOrderId: old.clientOrderId });
    const rows = await store.sql<StandingOrderRow[]>`select * from standing_orders`;
    // The fake clock stands in 2023, so the rejected order ended long ago.
    expect(rows.map(orderFromView)).toEqual([(await ledger.find(clientOrderId))?.order]);
  });

  it('sums the cash flow exactly, fees in their own currency', async () => {
    const ledger = scratch.ledger();
    await ledger.open(account);
    const inBnb = aFill({
      tradeId: TradeId.of('2'),
      quantity: Quantity.of('0.005'),
      fee: Money.of('0.000000000000000001', 'BNB'),
    });
    await ledger.admit(order, change(sending, filled));
    await ledger.record(change({ kind: 'filled', fill: inBnb }));
    expect(await ledger.cashFlow(account)).toEqual(
      new Map([
        ['BNB', -1n],
        ['BTC', Money.of('0.00999', 'BTC').amount],
        ['USDT', Money.of('-500.00005', 'USDT').amount],
      ]),
    );
    expect(await ledger.traded(account)).toEqual([{ instrumentId, since: clock.now() }]);
  });

  it('commits a batch with one statement, whatever is in it', async () => {
    const store = scratch.store();
    const ledger = scratch.ledger(store);
    await ledger.open(account);
    await ledger.admit(order, change(sending, accepted, filled));
    let statements = 0;
    const statement = store.statement.bind(store);
    store.statement = (run) => {
      statements += 1;
      return statement(run);
    };
    store.transaction = () => Promise.reject(new Error('three round trips'));
    const other = anOrderRequest({ clientOrderId: ClientOrderId.of('other') });
    await ledger.admit(other, { ...change(sending), clientOrderId: other.clientOrderId });
    expect(statements).toBe(1);
    expect(await store.sql`select client_order_id, status from orders order by 1`).toEqual([
      { client_order_id: 'other', status: 'sending' },
      { client_order_id: clientOrderId, status: 'partially-filled' },
    ]);
  });

  it('keeps the first of two admissions, whichever process heard the second', async () => {
    const before = scratch.ledger();
    await before.open(account);
    const rejected: OrderEvent = { kind: 'rejected', reason: { code: 'NO', text: 'no' } };
    await before.admit(order, change(sending, rejected));
    const store = scratch.store();
    const after = scratch.ledger(store);
    await after.open(account);
    const fresh = anOrderRequest({ clientOrderId: ClientOrderId.of('fresh') });
    const [again, next] = await Promise.all([
      after.admit(order, change(sending)),
      after.admit(fresh, { ...change(sending), clientOrderId: fresh.clientOrderId }),
    ]);
    expect(again).toMatchObject({ fresh: false, tracked: { order: { status: 'rejected', version: 2 } } });
    expect(next).toMatchObject({ fresh: true });
    expect(await store.sql`select count(*)::int as count from order_events`).toEqual([{ count: 3 }]);
  });

  it('refuses a trade that is booked with other content, writes nothing of it, and goes on', async () => {
    const store = scratch.store();
    const ledger = scratch.ledger(store);
    await ledger.open(account);
    const other = anOrderRequest({ clientOrderId: ClientOrderId.of('other') });
    await ledger.admit(order, change(sending, accepted, filled));
    await ledger.admit(other, { ...change(sending), clientOrderId: other.clientOrderId });
    const positions = ledger.positions(account);
    const stolen: OrderEvent = { kind: 'filled', fill: { ...fill, clientOrderId: other.clientOrderId } };
    const claim = await ledger.record({ ...change(stolen), clientOrderId: other.clientOrderId });
    expect(claim).toMatchObject({ applied: 0, refused: [{ fault: { kind: 'fill-conflict' } }] });
    const changed: OrderEvent = { kind: 'filled', fill: { ...fill, price: Price.of('50000.02') } };
    const changedClaim = await ledger.record(change(changed));
    expect(changedClaim).toMatchObject({ applied: 0, refused: [{ fault: { kind: 'fill-conflict' } }] });
    expect(ledger.positions(account)).toEqual(positions);
    expect((await ledger.find(other.clientOrderId))?.order).toMatchObject({ status: 'sending', filledQuantity: 0n });
    expect(await store.sql`select client_order_id, price from fills`).toEqual([
      { client_order_id: clientOrderId, price: '50000.01' },
    ]);
    const sound: OrderEvent = { kind: 'filled', fill: { ...fill, tradeId: TradeId.of('9') } };
    expect(await ledger.record(change(sound))).toMatchObject({ applied: 1, refused: [] });
    expect(scratch.deaths).toEqual([]);
  });

  it('ends the process when memory and database do not agree about an order, and writes nothing', async () => {
    const store = scratch.store();
    const ledger = scratch.ledger(store);
    await ledger.open(account);
    await ledger.admit(order, change(sending));
    await store.sql`update orders set version = 7`;
    await expect(ledger.record(change(accepted))).rejects.toThrow('another version in the database');
    expect(scratch.deaths).toMatchObject([{ name: 'BrokenInvariant' }]);
    expect(await store.sql`select status, version from orders`).toEqual([{ status: 'sending', version: 7 }]);
    expect(await store.sql`select kind from order_events`).toEqual([{ kind: 'sending' }]);
  });

  it('ends the process when a key of the database contradicts memory', async () => {
    const store = scratch.store();
    const ledger = scratch.ledger(store);
    await ledger.open(account);
    await ledger.admit(order, change(sending));
    await store.sql`insert into order_events values (${clientOrderId}, 2, 'accepted', '{}', 0)`;
    await expect(ledger.record(change(accepted))).rejects.toThrow('contradicts the books');
    expect(scratch.deaths).toMatchObject([{ name: 'BrokenInvariant' }]);
    expect(await store.sql`select version from orders`).toEqual([{ version: 1 }]);
  });

  it('takes any text of a venue', async () => {
    const store = scratch.store();
    const ledger = scratch.ledger(store);
    await ledger.open(account);
    const reason = { code: 'NO', text: 'no\u0000thing \ud800 here' };
    await ledger.admit(order, change(sending, { kind: 'rejected', reason }));
    expect(await store.sql`select reason_text from orders`).toEqual([{ reason_text: 'nothing \ufffd here' }]);
  });

  it('keeps a cancel that came before its order for the next process, and forgets it when it was used', async () => {
    const before = scratch.ledger();
    await before.open(account);
    const wish = { accountId: account, clientOrderId, requestedAt: clock.now(), causedBy: EventId.of('cancel-1') };
    expect(await before.requestCancel({ ...wish, cancelReason: 'stop' })).toBeNull();
    const store = scratch.store();
    const after = scratch.ledger(store);
    await after.open(account);
    const { tracked } = await after.admit(order, change(sending));
    expect(tracked.order).toMatchObject({ status: 'canceled', cancelReason: 'stop', version: 2 });
    expect(await store.sql`select * from early_cancels`).toEqual([]);
    const messages = await store.sql<{ payload: Uint8Array }[]>`select payload from outbox order by seq`;
    const last = orderChanged.decode(messages.at(-1)?.payload ?? new Uint8Array());
    expect(last).toMatchObject({ order: { status: 'canceled', reason: { code: 'CANCELED_BEFORE_SENT' } } });
  });

  it('keeps the sums of all fills without reading them again', async () => {
    const store = scratch.store();
    const ledger = scratch.ledger(store);
    await ledger.open(account);
    await ledger.admit(order, change(sending, filled));
    const sums = await ledger.cashFlow(account);
    await store.sql`update fills set quantity = 1000`;
    await store.sql`update orders set instrument_id = 'sim:ETH-USDT'`;
    expect(await ledger.cashFlow(account)).toEqual(sums);
    const [next, ours] = [scratch.ledger(), await ledger.traded(account)];
    await next.open(account);
    expect(await next.traded(account)).toEqual(ours);
  });

  it('fences a writer that was thought dead: nothing of it is written, and it ends', async () => {
    const old = scratch.ledger();
    await old.open(account);
    await old.admit(order, change(sending));
    const store = scratch.store();
    await store.sql`update leases set holder = ${deadHolder}`;
    const young = scratch.ledger(store);
    await young.open(account);
    await young.record(change(accepted));
    await expect(old.record(change(filled))).rejects.toThrow('another writer took account demo');
    expect(scratch.deaths).toMatchObject([{ name: 'BrokenInvariant' }]);
    expect(await store.sql`select * from fills`).toEqual([]);
    const [row] = await store.sql`select status, version from orders`;
    expect(row).toEqual({ status: 'accepted', version: 2 });
    expect(await young.record(change(filled))).toMatchObject({ applied: 1 });
  });

  it('waits for a living writer elsewhere, until its lease ends', async () => {
    const store = scratch.store();
    await store.sql`insert into leases values (${account}, 7, 'elsewhere/1', now() + interval '1 hour')`;
    await expect(scratch.ledger().open(account)).rejects.toThrow('is written by elsewhere/1');
    await store.sql`update leases set expires_at = now() - interval '1 second'`;
    await scratch.ledger().open(account);
    expect(await store.sql`select token from leases`).toEqual([{ token: 8n }]);
  });

  it('takes over at once from a process of this machine that is gone', async () => {
    const store = scratch.store();
    await store.sql`insert into leases values (${account}, 7, ${deadHolder}, now() + interval '1 hour')`;
    await scratch.ledger().open(account);
    expect(await store.sql`select token from leases`).toEqual([{ token: 8n }]);
  });

  it('waits for one that may run in another container of the same name, as its number proves nothing', async () => {
    const store = scratch.store();
    await store.sql`insert into leases values (${account}, 7, ${`${hostname()}/9`}, now() + interval '1 hour')`;
    await expect(scratch.ledger().open(account)).rejects.toThrow(`is written by ${hostname()}/9`);
  });

  it('leaves the lease free for a successor when it closes', async () => {
    const store = scratch.store();
    const ledger = scratch.ledger();
    await ledger.open(account);
    await ledger.close();
    expect(await store.sql`select expires_at <= now() as free from leases`).toEqual([{ free: true }]);
  });
});
