import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, type OrderRequest } from '@scalpstorm/model';
import { HealthRegistry } from '@scalpstorm/observability';
import { anAccount, anOrderRequest, describeWithServers, eventually, FakeClock } from '@scalpstorm/testkit';
import { ExecutionParts } from '../../test/execution-parts.js';
import { FakePause } from '../../test/fake-pause.js';
import { FakeVenue } from '../../test/fake-venue.js';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import type { PostgresLedger } from '../adapters/postgres-ledger.js';
import { Recover } from './recover.js';

const near = AccountId.of('demo');
const far = AccountId.of('far');
const settings = { reconcileEveryMs: 3_600_000, retellEndedMinutes: 0 };
const orderOf = (accountId: AccountId, id: string): OrderRequest =>
  anOrderRequest({ accountId, clientOrderId: ClientOrderId.of(id) });

describeWithServers('recovery of two accounts, one of them without its venue', ({ postgresUrl }) => {
  let scratch: ScratchSchema;
  let ledger: PostgresLedger;
  let parts: ExecutionParts;
  let away: FakeVenue;
  let health: HealthRegistry;
  let pause: FakePause;
  let recover: Recover;
  const clock = new FakeClock();

  beforeEach(async () => {
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
    const store = scratch.store();
    ledger = scratch.ledger(store);
    away = new FakeVenue(() => clock.now());
    away.reachable = false;
    const others = [{ account: anAccount({ id: far }), venue: away }];
    const reconciliations = scratch.reconciliations(store);
    parts = new ExecutionParts({ recovered: false, ledger, reconciliations, others, clock });
    health = new HealthRegistry(() => clock.now());
    health.enter('serving');
    pause = new FakePause();
    // A breath between the tries, so that the test and the servers get their turn.
    pause.meanwhile = () => new Promise((resolve) => setTimeout(resolve, 5));
    recover = new Recover(
      ledger,
      parts.venues,
      parts.venueReport,
      parts.reconcile,
      parts.resolveUnknown,
      { retell: async () => 0 },
      parts.states,
      pause,
      parts.log,
      health,
    );
  });

  afterEach(async () => {
    await recover.onApplicationShutdown();
    parts.resolveUnknown.onApplicationShutdown();
    await scratch.remove();
  });

  const begin = async () => {
    await recover.open(settings);
    const recovered = recover.run(settings);
    await eventually(() => expect(parts.states.of(near).kind).toBe('trading'));
    return recovered;
  };

  const checks = async () => {
    clock.advance(2 * second);
    const { ready, checks: found } = await health.report();
    return { ready, near: found['account:demo']?.status, far: found['account:far'] };
  };

  it('lets the other one trade at once, and says what the one waits for', async () => {
    const recovered = begin();
    await eventually(async () => {
      const found = await checks();
      expect(found).toMatchObject({ ready: true, near: 'up', far: { status: 'down', critical: false } });
      expect(found.far?.error).toContain('away');
    });
    await parts.approve(orderOf(near, 'near1'));
    await eventually(async () => expect((await ledger.find(ClientOrderId.of('near1')))?.order.status).toBe('accepted'));
    const waiting = parts.approval(orderOf(far, 'far1'));
    expect((await parts.approved.handle(waiting)).kind).toBe('retry');
    away.reachable = true;
    await recovered;
    await eventually(() => expect(parts.states.of(far).kind).toBe('trading'));
    expect(await parts.approved.handle(waiting)).toEqual({ kind: 'done' });
    await eventually(async () => expect((await ledger.find(ClientOrderId.of('far1')))?.order.status).toBe('accepted'));
  });

  it('does not say of an account without a connection, whose books are taken late, that it still recovers', async () => {
    const idle = AccountId.of('idle');
    parts.states.recovering(idle, 'its lease is held');
    await recover.take(idle);
    expect(parts.states.of(idle)).toMatchObject({ reason: 'it has not been compared with its venue yet' });
  });

  it('tries the one again with a bounded back-off', async () => {
    void begin();
    await eventually(() => expect(pause.waited.length).toBeGreaterThan(7));
    expect(pause.waited.slice(0, 7)).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('is not ready while no account has recovered, and says why', async () => {
    parts.venue.reachable = false;
    await recover.open(settings);
    void recover.run(settings);
    await eventually(async () => {
      clock.advance(2 * second);
      const report = await health.report();
      expect(report.ready).toBe(false);
      expect(report.checks['reconciled']?.error).toMatch(/account demo is recovering: .*away.*; account far/);
    });
  });

  it('takes the account and lets cancels be heard before its venue is back', async () => {
    void begin();
    await eventually(() => expect(pause.waited.length).toBeGreaterThan(1));
    const order = orderOf(far, 'far2');
    expect(await parts.cancelRequested.handle(parts.cancellation(order))).toEqual({ kind: 'done' });
    away.reachable = true;
    await eventually(() => expect(parts.states.of(far).kind).toBe('trading'));
    await parts.approve(order);
    expect((await ledger.find(order.clientOrderId))?.order).toMatchObject({ status: 'canceled', cancelReason: 'stop' });
    expect(away.placed).toEqual([]);
  });
});
