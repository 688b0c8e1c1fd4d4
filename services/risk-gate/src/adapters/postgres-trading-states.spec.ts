import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, BotId, InstrumentId, RiskScope, type TradingState, UserId, VenueId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { Lease, LeaseLost, migrate, Outbox, PostgresStore, type Store, schemaName } from '@scalpstorm/store';
import { anOrderRequest, describeWithServers, FakeClock, uniqueNamespace } from '@scalpstorm/testkit';
import { PostgresTradingStates } from './postgres-trading-states.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const user = UserId.of('user_1');
const of = (userId: UserId) => anOrderRequest({ userId });
/** By the user of himself, or by an operator of the platform. */
const word = (userId: UserId | null, state: TradingState, text: string) => ({
  scope: userId === null ? RiskScope.platform : RiskScope.user(userId),
  state,
  text,
  by: userId ?? 'operator',
  operator: userId === null,
  ownerId: userId,
});
const clock = new FakeClock();

describeWithServers('trading states in Postgres', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'risk');
  let store: Store;

  beforeEach(async () => {
    const log = new RecordingLog();
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 2, log, metrics: new Metrics('risk-gate') });
  });

  afterEach(async () => {
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  const unquestioned = { prove: async () => undefined };
  const statesOn = (on: Store, lease: Pick<Lease, 'prove'> = unquestioned) =>
    new PostgresTradingStates(on, new Outbox(on), clock, lease);

  /** Postgres with its transactions refused. */
  function broken(): Store {
    return Object.assign(Object.create(store) as Store, {
      transaction: () => Promise.reject(new Error('Postgres is away')),
    });
  }

  it('are active until somebody halts', async () => {
    const states = statesOn(store);
    await states.load();
    expect(states.of(of(user)).state).toBe('active');
  });

  it('are there again for the next process, and told once', async () => {
    await statesOn(store).set(word(user, 'halted', 'first'));
    const states = statesOn(store);
    await states.load();
    expect(await states.set(word(user, 'halted', 'second'))).toMatchObject({ text: 'first' });
    expect(await store.sql`select subject from outbox`).toEqual([{ subject: 'risk.trading-state.v1' }]);
  });

  it('are not changed by a gate whose lease another has taken: what it hears may be old', async () => {
    const lost: Error[] = [];
    const leases = [1, 2].map(() => new Lease(store, { onLost: (cause) => void lost.push(cause) }));
    const [first, second] = leases as [Lease, Lease];
    await first.take();
    await statesOn(store, first).set(word(user, 'halted', 'first'));
    await store.sql`update lease set expires_at = now() - interval '1 second'`;
    await second.take();
    const stale = statesOn(store, first);
    await stale.load();
    await expect(stale.set(word(user, 'active', 'an old release'))).rejects.toBeInstanceOf(LeaseLost);
    expect(await store.sql`select state, text from trading_states`).toEqual([{ state: 'halted', text: 'first' }]);
    expect(await store.sql`select 1 from outbox`).toHaveLength(1);
    expect(lost).toHaveLength(1);
    for (const lease of leases) await lease.release();
  });

  it('follow one another in time, also when the clock was put back', async () => {
    const states = statesOn(store);
    const halted = await states.set(word(user, 'halted', 'first'));
    clock.advance(-3_600 * second);
    const released = await states.set(word(user, 'active', ''));
    expect(Number(released.since)).toBeGreaterThan(Number(halted.since));
    expect(states.of(of(user)).state).toBe('active');
  });

  it('halt at once even when Postgres is away, and are not called durable before they are', async () => {
    const away = broken();
    const states = statesOn(away);
    await expect(states.set(word(user, 'halted', 'stop'))).rejects.toThrow('Postgres is away');
    expect(states.of(of(user)).state).toBe('halted');
    await expect(states.set(word(user, 'halted', 'stop'))).rejects.toThrow('Postgres is away');
    Object.assign(away, { transaction: store.transaction.bind(store) });
    await states.set(word(user, 'halted', 'stop'));
    expect(await store.sql`select state from trading_states`).toEqual([{ state: 'halted' }]);
  });

  it('are not released before the release is durable', async () => {
    const away = broken();
    await statesOn(store).set(word(user, 'halted', 'stop'));
    const states = statesOn(away);
    await states.load();
    await expect(states.set(word(user, 'active', 'go'))).rejects.toThrow('Postgres is away');
    expect(states.of(of(user)).state).toBe('halted');
  });

  it('of the platform bind every user, outlive the process, and leave a user’s own state alone', async () => {
    const other = UserId.of('user_2');
    const earlier = statesOn(store);
    await earlier.set(word(null, 'halted', 'venue in trouble'));
    await earlier.set(word(user, 'halted', 'mine'));
    const states = statesOn(store);
    await states.load();
    expect([states.of(of(user)), states.of(of(other))]).toMatchObject([
      { state: 'halted', text: 'venue in trouble' },
      { state: 'halted', text: 'venue in trouble' },
    ]);
    await states.set(word(null, 'active', 'over'));
    expect([states.of(of(user)), states.of(of(other))]).toMatchObject([
      { state: 'halted', text: 'mine' },
      { state: 'active' },
    ]);
    expect(await store.sql`select user_id, changed_by from trading_states order by user_id`).toEqual([
      { user_id: '', changed_by: 'operator' },
      { user_id: user, changed_by: user },
    ]);
  });

  it('of a venue, an account and a bot bind what belongs to them, the strictest first, and outlive the process', async () => {
    const order = anOrderRequest({ userId: user });
    const botId = order.botId ?? BotId.of('bot_00000001');
    const bot = { ...word(user, 'halted', 'runaway'), scope: RiskScope.bot(botId) };
    const venue = { ...word(null, 'reducing', 'maintenance'), scope: RiskScope.venue(VenueId.of('sim')) };
    const earlier = statesOn(store);
    await earlier.set(venue);
    await earlier.set({ ...word(user, 'reducing', 'calm down'), scope: RiskScope.account(order.accountId) });
    await earlier.set(bot);
    const states = statesOn(store);
    await states.load();
    expect(states.of(order)).toMatchObject({ state: 'halted', text: 'runaway', by: user, scope: bot.scope });
    expect(states.of({ ...order, botId: null })).toMatchObject({ state: 'reducing', text: 'maintenance' });
    const elsewhere = { ...order, botId: BotId.of('bot_0000000z'), accountId: AccountId.of('other') };
    expect(states.of(elsewhere)).toMatchObject({ state: 'reducing', text: 'maintenance' });
    expect(states.of({ ...elsewhere, instrumentId: InstrumentId.of('moon', 'BTC-USDT') }).state).toBe('active');
    const market = { ...word(null, 'halted', 'moves too fast'), scope: RiskScope.instrument(order.instrumentId) };
    await states.set(market);
    expect(states.of({ ...elsewhere, botId: null })).toMatchObject({ state: 'halted', scope: market.scope });
    expect(states.of({ ...elsewhere, instrumentId: InstrumentId.of('sim', 'ETH-USDT') }).state).toBe('reducing');
    await states.set({ ...market, state: 'active' });
    // To others of what is everybody's only.
    expect(states.said(user).map(({ scope }) => RiskScope.format(scope))).toHaveLength(4);
    expect(states.said(UserId.of('user_2')).map(({ scope }) => scope)).toEqual([market.scope, venue.scope]);
  });

  it('take an operator’s word over the owner’s, and a person’s over a breaker’s, though both say the same', async () => {
    const states = statesOn(store);
    const said = { ...word(user, 'halted', 'losses'), by: 'breaker:losses-in-a-row' };
    const tripped = await states.set(said);
    expect(await states.set(said)).toBe(tripped);
    const own = await states.set(word(user, 'halted', 'mine'));
    expect(Number(own.since)).toBeGreaterThan(Number(tripped.since));
    await states.set({ ...word(user, 'halted', 'theirs'), by: 'usr_risk', operator: true });
    const next = statesOn(store);
    await next.load();
    expect(next.own(RiskScope.user(user))).toMatchObject({ state: 'halted', by: 'usr_risk', operator: true });
    expect(await store.sql`select changed_by from trading_state_changes order by number`).toEqual([
      { changed_by: 'breaker:losses-in-a-row' },
      { changed_by: user },
      { changed_by: 'usr_risk' },
    ]);
  });

  it('are kept with every word before', async () => {
    const states = statesOn(store);
    await states.set(word(user, 'reducing', 'slow'));
    await states.set(word(user, 'halted', 'stop'));
    await states.set(word(user, 'active', 'go'));
    expect(
      await store.sql`select scope, before_state, after_state, text, changed_by from trading_state_changes order by number`,
    ).toEqual([
      { scope: 'user:user_1', before_state: 'active', after_state: 'reducing', text: 'slow', changed_by: user },
      { scope: 'user:user_1', before_state: 'reducing', after_state: 'halted', text: 'stop', changed_by: user },
      { scope: 'user:user_1', before_state: 'halted', after_state: 'active', text: 'go', changed_by: user },
    ]);
  });
});
