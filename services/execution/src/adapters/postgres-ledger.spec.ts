import { hostname } from 'node:os';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { orderChanged, orderFromView, reconciled, type StandingOrderRow } from '@scalpstorm/contracts';
import {
  AccountId,
  ClientOrderId,
  InstrumentId,
  Money,
  type OrderEvent,
  Price,
  Quantity,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
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
/** No process has such a number. */
const deadHolder = `${hostname()}/${2 ** 30}`;

describeWithServers('the ledger in Postgres', ({ postgresUrl }) => {
  let scratch: ScratchSchema;

  beforeEach(async () => {
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
  });

  afterEach(() => scratch.remove());

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
    expect((await after.findByVenueId(account, venueOrderId))?.order.request.clientOrderId).toBe(clientOrderId);
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
    await ledger.admit(order, change(sending, filled, { kind: 'filled', fill: inBnb }));
    expect(await ledger.cashFlow(account)).toEqual(
      new Map([
        ['BNB', -1n],
        ['BTC', Money.of('0.00999', 'BTC').amount],
        ['USDT', Money.of('-500.00005', 'USDT').amount],
      ]),
    );
    expect(await ledger.traded(account)).toEqual([{ instrumentId, since: clock.now() }]);
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
    const [lease] = await store.sql`select token from leases`;
    expect(lease).toEqual({ token: 8n });
  });

  it('takes over at once from a process of this machine that is gone', async () => {
    const store = scratch.store();
    await store.sql`insert into leases values (${account}, 7, ${deadHolder}, now() + interval '1 hour')`;
    await scratch.ledger().open(account);
    expect(await store.sql`select token from leases`).toEqual([{ token: 8n }]);
  });

  it('leaves the lease free for a successor when it closes', async () => {
    const store = scratch.store();
    const ledger = scratch.ledger();
    await ledger.open(account);
    await ledger.close();
    const [lease] = await store.sql`select expires_at <= now() as free from leases`;
    expect(lease).toEqual({ free: true });
  });

  it('remembers baselines, marks and differences', async () => {
    const store = scratch.store();
    const reconciliations = scratch.reconciliations(store);
    expect(await reconciliations.baseline(account)).toBeNull();
    const baseline = new Map([['USDT', -1n]]);
    await reconciliations.setBaseline(account, baseline, 'first');
    expect(await reconciliations.baseline(account)).toEqual(baseline);
    expect(await reconciliations.fillMark(account, instrumentId)).toBeNull();
    await reconciliations.setFillMark(account, instrumentId, TradeId.of('8'));
    await reconciliations.setFillMark(account, instrumentId, TradeId.of('9'));
    expect(await reconciliations.fillMark(account, instrumentId)).toBe('9');
    expect(await reconciliations.fillMark(account, InstrumentId.of('sim', 'ETH-USDT'))).toBeNull();
    const difference = {
      kind: 'fill',
      accountId: account,
      subject: 's',
      ours: 'a',
      theirs: 'b',
      decision: 'd',
    } as const;
    const differences = [{ ...difference, repaired: false }];
    await reconciliations.conclude({ accountId: account, trigger: 'timer', differences: [], clean: true });
    await reconciliations.conclude({ accountId: account, trigger: 'timer', differences, clean: false });
    expect(reconciliations.unrepaired(account)).toEqual(differences);
    expect(await store.sql`select kind, repaired from differences`).toEqual([{ kind: 'fill', repaired: false }]);
    expect(await store.sql`select subject from outbox`).toEqual([{ subject: 'execution.reconciled.v1.demo' }]);
  });

  it('tells a difference that stays once, and that it is gone', async () => {
    const store = scratch.store();
    const reconciliations = scratch.reconciliations(store);
    const difference = {
      kind: 'fill',
      accountId: account,
      subject: 's',
      ours: 'a',
      theirs: 'b',
      decision: 'd',
    } as const;
    const differences = [{ ...difference, repaired: false }];
    const found = { accountId: account, trigger: 'timer', differences, clean: false } as const;
    for (let run = 0; run < 3; run += 1) await reconciliations.conclude(found);
    await reconciliations.conclude({ ...found, differences: [], clean: true });
    await reconciliations.conclude({ ...found, differences: [], clean: true });
    const payloads = await store.sql<{ payload: Uint8Array }[]>`select payload from outbox order by seq`;
    expect(payloads.map(({ payload }) => reconciled.decode(payload).clean)).toEqual([false, true]);
    expect(await store.sql`select kind from differences`).toEqual([{ kind: 'fill' }]);
  });
});
