import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createMeta } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, BotId, ClientOrderId, EventId, TradeId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { AuditTrail, Inbox, migrate, PostgresStore, type Store, schemaName, type Transaction } from '@scalpstorm/store';
import {
  aBot,
  aCycle,
  aFill,
  anAccount,
  anActivity,
  anOrder,
  anOrderRequest,
  describeWithServers,
  uniqueNamespace,
} from '@scalpstorm/testkit';
import type { ProjectedEvent } from '../domain/projected-event.js';
import { PostgresProjection } from './postgres-projection.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const start = Timestamp.fromMillis(1_800_000_000_000);

describeWithServers('the fold into the read model', ({ postgresUrl }) => {
  const log = new RecordingLog();
  let schema: string;
  let store: PostgresStore;
  let projection: PostgresProjection;
  let commits = 0;
  let statements = 0;
  let events = 0;

  beforeAll(async () => {
    schema = schemaName(uniqueNamespace(), 'gateway');
    await migrate({ url: postgresUrl, schema, folder, log });
    store = new PostgresStore({ url: postgresUrl, schema, connectionsMax: 2, log, metrics: new Metrics('gateway') });
    const clock = { now: () => start };
    const audit = new AuditTrail({ store, clock, service: 'gateway', chain: 'access' });
    projection = new PostgresProjection(counted(store), new Inbox(store, log), audit);
  });
  afterAll(async () => {
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  /** The same store, counting what is said to the server. */
  const counted = (real: PostgresStore): Store =>
    new Proxy(real, {
      get: (target, name) => {
        if (name !== 'transaction') return Reflect.get(target, name, target) as unknown;
        return (work: (tx: Transaction) => Promise<unknown>) => {
          commits += 1;
          return real.transaction((tx) => {
            const counting = new Proxy(tx, {
              apply: (said, self, args) => {
                statements += 1;
                return Reflect.apply(said, self, args) as unknown;
              },
            });
            return work(counting);
          });
        };
      },
    });

  const meta = () => {
    events += 1;
    const at = Timestamp.plus(start, events);
    return createMeta(EventId.of(`evt${events}`), null, at, at);
  };
  const botId = BotId.of('bot_fold0001');
  const orderOf = (attempt: number) => ClientOrderId.forSlot({ botId, cycle: 0, leg: 'entry', attempt });
  const fillOf = (attempt: number): ProjectedEvent => {
    const clientOrderId = orderOf(attempt);
    const order = anOrder({ request: anOrderRequest({ clientOrderId, botId }), status: 'filled', version: 4 });
    const fill = aFill({ clientOrderId, tradeId: TradeId.of(`t${attempt}`) });
    return { kind: 'order-changed', event: { meta: meta(), order, event: { kind: 'filled', fill } } };
  };
  const account = anAccount({ id: AccountId.of('demo') });
  const balances = (): ProjectedEvent => ({
    kind: 'account-changed',
    event: { meta: meta(), account, balances: [], positions: [] },
  });
  const line = (): ProjectedEvent => ({
    kind: 'activity-logged',
    event: { meta: meta(), activity: anActivity({ botId }) },
  });
  const bot = (version: number): ProjectedEvent => ({
    kind: 'bot-changed',
    event: { meta: meta(), bot: aBot({ id: botId, version }), deleted: false },
  });
  const cycle = (number: number, amends = false): ProjectedEvent => {
    const completed = aCycle({ botId, number });
    const { userId } = anOrderRequest();
    return { kind: 'cycle-completed', event: { meta: meta(), userId, cycle: completed, amends } };
  };

  const folded = async (inputs: readonly ProjectedEvent[]): Promise<readonly boolean[]> => {
    [commits, statements] = [0, 0];
    return Promise.all(inputs.map((input) => projection.fold(input)));
  };
  const count = async (table: string) =>
    Number((await store.sql.unsafe<{ n: string }[]>(`select count(*) as n from ${table}`))[0]?.n);

  it('costs as many statements for two hundred and fifty events as for five, and one commit', async () => {
    await folded([fillOf(1), balances(), line(), bot(1), cycle(0)]);
    const few = [commits, statements];
    const many = Array.from({ length: 50 }, (_, n) => [fillOf(n + 2), balances(), line(), bot(n + 2), cycle(n + 1)]);
    await folded(many.flat());
    expect([commits, statements]).toEqual(few);
    expect(commits).toBe(1);
    expect(statements).toBeLessThanOrEqual(10);
    expect(await Promise.all(['fills', 'orders', 'order_events', 'activity', 'cycles'].map(count))).toEqual(
      Array.from({ length: 5 }, () => 51),
    );
  });

  it('keeps the newest of one row, and says so of it alone', async () => {
    const [newer, older] = [bot(1_002), bot(1_001)];
    const [first, second] = [balances(), balances()];
    expect(await folded([newer, older, second, first])).toEqual([true, false, true, false]);
    const [row] = await store.sql<{ version: number }[]>`select version from bots where id = ${botId}`;
    expect(row?.version).toBe(1_002);
  });

  it('takes an event once, also when it comes twice at the same time', async () => {
    const [known, fresh] = [line(), line()];
    await folded([known]);
    const lines = await count('activity');
    expect(await folded([known, fresh, fresh])).toEqual([false, true, false]);
    expect(await count('activity')).toBe(lines + 1);
  });

  it('counts every fill and every step of an order, whichever of its events is the newest', async () => {
    const clientOrderId = orderOf(900);
    const request = anOrderRequest({ clientOrderId, botId });
    const step = (version: number, trade: string): ProjectedEvent => ({
      kind: 'order-changed',
      event: {
        meta: meta(),
        order: anOrder({ request, status: 'accepted', version }),
        event: { kind: 'filled', fill: aFill({ clientOrderId, tradeId: TradeId.of(trade) }) },
      },
    });
    expect(await folded([step(7, 'b'), step(6, 'a'), step(8, 'b')])).toEqual([false, true, true]);
    const [row] = await store.sql<{ version: number; fills: number; steps: number }[]>`
      select version, (select count(*)::int from fills f where f.client_order_id = o.client_order_id) as fills,
        (select count(*)::int from order_events e where e.client_order_id = o.client_order_id) as steps
      from orders o where client_order_id = ${clientOrderId}`;
    expect(row).toEqual({ version: 8, fills: 2, steps: 3 });
  });

  it('replaces a cycle only by what amends it', async () => {
    const [again, amended] = [cycle(0), cycle(0, true)];
    expect(await folded([again])).toEqual([false]);
    expect(await folded([again, amended, cycle(5_000)])).toEqual([false, true, true]);
  });
});
