import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { reconciled } from '@scalpstorm/contracts';
import { BrokenInvariant } from '@scalpstorm/kernel';
import { AccountId, InstrumentId, Price, TradeId } from '@scalpstorm/model';
import { aFill, describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';

const account = AccountId.of('demo');
const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const clock = new FakeClock();

describeWithServers('what reconciliation remembers in Postgres', ({ postgresUrl }) => {
  let scratch: ScratchSchema;

  beforeEach(async () => {
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
  });

  afterEach(() => scratch.remove());

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

  it('tells so many differences as a message can carry, the open ones first, and keeps all', async () => {
    const store = scratch.store();
    const reconciliations = scratch.reconciliations(store);
    const differences = Array.from({ length: 9_000 }, (_, index) => ({
      kind: 'fill' as const,
      accountId: account,
      subject: `${instrumentId} trade ${index}`,
      ours: 'unknown',
      theirs: `order ${index}`,
      decision: 'not an order of ours; left alone, the balances tell its effect',
      repaired: index !== 8_999,
    }));
    await reconciliations.conclude({ accountId: account, trigger: 'start', differences, clean: false });
    const [row] = await store.sql<{ payload: Uint8Array }[]>`select payload from outbox`;
    const payload = row?.payload ?? new Uint8Array();
    expect(payload.length).toBeLessThan(100_000);
    const told = reconciled.decode(payload).differences;
    expect(told).toHaveLength(201);
    expect(told[0]).toMatchObject({ subject: `${instrumentId} trade 8999`, repaired: false });
    expect(told.at(-1)).toMatchObject({ subject: '8800 more differences', repaired: true });
    expect(await store.sql`select count(*)::int as count from differences`).toEqual([{ count: 9_000 }]);
  });

  it('knows the orders of an account whose news the bus refused', async () => {
    const store = scratch.store();
    const { untold, outbox } = scratch.untoldOrders(store);
    const heard: AccountId[] = [];
    untold.follow((accountId) => void heard.push(accountId));
    for (const subject of ['order.changed.v1.demo', 'execution.reconciled.v1.demo'])
      outbox.refused({ subject, messageId: 'm', reason: 'too large' });
    expect(heard).toEqual([account]);
    await store.sql`insert into outbox_refused (seq, subject, message_id, headers, payload, created_at, reason)
      values (1, 'order.changed.v1.demo', 'm', '{}', '', now(), 'r'), (2, 'execution.reconciled.v1.demo', 'n', '{}', '', now(), 'r')`;
    expect([await untold.count(account), await untold.count(AccountId.of('else'))]).toEqual([1, 0]);
    await store.sql`update outbox_refused set closed_at = now()`;
    expect(await untold.count(account)).toBe(0);
  });

  it('keeps a refused fill once a telling, until it is closed', async () => {
    const reconciliations = scratch.reconciliations();
    const fill = aFill();
    const refused = { fill, fault: 'fill-conflict', booked: 'another' } as const;
    await reconciliations.keepRefused(account, refused);
    await reconciliations.keepRefused(account, refused);
    const other = { ...refused, fill: { ...fill, price: Price.of('1') } };
    await reconciliations.keepRefused(account, other);
    const { rows, count } = await reconciliations.openRefused(account, 1);
    expect(count).toBe(2);
    expect(rows).toMatchObject([refused]);
    const [first] = rows;
    await reconciliations.closeRefused(account, first?.id ?? 0n, 'explained');
    expect(await reconciliations.openRefused(account, 9)).toMatchObject({ rows: [other], count: 1 });
    expect(await reconciliations.openRefused(AccountId.of('else'), 9)).toEqual({ rows: [], count: 0 });
  });

  it('takes nothing from a writer whose account another has taken meanwhile', async () => {
    const store = scratch.store();
    const [first, second] = [scratch.ledger(store), scratch.ledger()];
    await first.open(account);
    const reconciliations = scratch.reconciliations(store, first);
    const refused = { fill: aFill(), fault: 'fill-conflict', booked: 'another' } as const;
    const conclusion = { accountId: account, trigger: 'start', differences: [], clean: true } as const;
    const writes = [
      () => reconciliations.setBaseline(account, new Map([['USDT', 1n]]), 'moved'),
      () => reconciliations.setFillMark(account, instrumentId, TradeId.of('8')),
      () => reconciliations.keepRefused(account, refused),
      () => reconciliations.closeRefused(account, 1n, 'explained'),
      () => reconciliations.conclude(conclusion),
    ];
    for (const write of writes) await write();
    const written = async () =>
      store.sql`select (select array_agg(xmin::text) from baselines) as baselines, (select array_agg(xmin::text) from fill_marks) as marks,
                       (select array_agg(xmin::text) from refused_fills) as refused, (select count(*)::int from outbox) as told`;
    const before = await written();
    await second.open(account);
    for (const write of writes) await expect(write()).rejects.toBeInstanceOf(BrokenInvariant);
    expect(await written()).toEqual(before);
    await scratch.reconciliations(scratch.store(), second).setFillMark(account, instrumentId, TradeId.of('9'));
    expect(await reconciliations.fillMark(account, instrumentId)).toBe('9');
  });
});
