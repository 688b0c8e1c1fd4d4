import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { Money } from '@scalpstorm/model';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { defaultPreferences } from '../src/domain/profile.js';
import { BotApiServer } from './bot-api-server.js';
import { NotificationsWorld, patiently } from './notifications-world.js';

const token = '123456:secret-token-of-a-test';

describeWithServers('the flow of notices', ({ postgresUrl }) => {
  let telegram: BotApiServer;
  let world: NotificationsWorld;

  beforeEach(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('no NATS server');
    telegram = new BotApiServer(token);
    await telegram.open();
    const settings = { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: telegram.root, NOTIFICATIONS_PER_MINUTE_MAX: '3' };
    world = await NotificationsWorld.open({ nats, postgresUrl }, settings);
    await world.link((text) => telegram.write(text));
  });

  afterEach(async () => {
    await world.close();
    await telegram.close();
  });

  const told = (text: string) => telegram.sent.filter((message) => message.text.includes(text)).length;
  /** The clock of a gathering is minutes; the row's own due time is set instead of waiting for it. */
  const due = () => world.sql`update gatherings set due_at = 1`;

  it('collapses a burst of denials into the first one and a line with the count', async () => {
    for (let index = 0; index < 40; index += 1) await world.denied();
    await eventually(
      async () => expect(await world.sql`select count from gatherings`).toEqual([{ count: 39 }]),
      patiently,
    );
    await eventually(() => expect(told('order denied: ORDER_RATE_EXCEEDED')).toBe(1), patiently);
    await due();
    await eventually(() => expect(told('39 notices (more of the same)')).toBe(1), patiently);
    expect(telegram.sent.at(-1)?.text).toContain('39 × order denied');
  });

  it('tells a cycle once, also when fees of it are valued later', async () => {
    await world.cycle({ number: 0 });
    await world.cycle({ number: 0 }, { amends: true });
    await world.cycle({ number: 1 });
    await eventually(() => expect(told('cycle 2')).toBe(1), patiently);
    expect(told('cycle 1')).toBe(1);
  });

  it('tells so many in a minute and then one line for the rest, and never holds back a halt', async () => {
    for (let index = 0; index < 10; index += 1) await world.cycle({ number: index });
    await eventually(
      async () => expect(await world.sql`select count from gatherings`).toEqual([{ count: 7 }]),
      patiently,
    );
    await world.halted('right through');
    await eventually(() => expect(told('right through')).toBe(1), patiently);
    await eventually(() => expect(told('cycle')).toBe(3), patiently);
    await due();
    await eventually(() => expect(told('7 notices (more than fits into a minute)')).toBe(1), patiently);
  });

  it('keeps quiet hours but for errors', async () => {
    const now = new Date();
    const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString().slice(11, 16);
    const quietHours = { from: at(-60), to: at(60) };
    await world.do({ kind: 'set-preferences', preferences: { ...defaultPreferences, quietHours } });
    await world.cycle({ number: 0 });
    await world.halted('wakes you');
    await eventually(() => expect(told('wakes you')).toBe(1), patiently);
    await eventually(
      async () => expect(await world.sql`select key, count from gatherings`).toEqual([{ key: 'quiet', count: 1 }]),
      patiently,
    );
    expect(told('cycle 1')).toBe(0);
    await due();
    await eventually(() => expect(told('1 notice (during your quiet hours)')).toBe(1), patiently);
  });

  it('goes by level and by what is muted, channel by channel', async () => {
    const preferences = {
      ...defaultPreferences,
      levels: { ...defaultPreferences.levels, telegram: 'WARNING' as const },
      muted: [{ kind: 'order-denied' as const, channel: 'telegram' as const }],
    };
    await world.do({ kind: 'set-preferences', preferences });
    await world.cycle({ number: 0 });
    await world.denied();
    await world.activity('WARNING', 'mind this');
    await eventually(() => expect(told('mind this')).toBe(1), patiently);
    await eventually(async () => expect(await world.pending('VERDICTS')).toBe(0), patiently);
    expect([told('cycle'), told('denied')]).toEqual([0, 0]);
  });

  it('sums up the day, once', async () => {
    const bnb = { fee: Money.of('0.001', 'BNB'), value: null, priced: null };
    await world.cycle({ number: 0, otherFees: [bnb] });
    await world.cycle({ number: 1, mode: 'live' });
    // What the fee was worth is known later: the cycle was lost, and is still one.
    const usdt = (text: string) => Money.of(text, 'USDT');
    const valued = { otherFees: [{ ...bnb, value: usdt('1') }], fees: usdt('1.2'), net: usdt('-0.2') };
    await world.cycle({ number: 0, ...valued }, { amends: true });
    const settled = () => world.sql`select mode from cycle_results where unvalued = 0`;
    await eventually(async () => expect(await settled()).toHaveLength(2), patiently);
    await world.sql`update cycle_results set day = to_char(now() at time zone 'UTC' - interval '1 day', 'YYYY-MM-DD')`;
    await world.do({ kind: 'set-preferences', preferences: { ...defaultPreferences, summaryAt: '00:00' } });
    await eventually(() => expect(told('Your day')).toBe(1), patiently);
    const { text } = telegram.sent.find((message) => message.text.includes('Your day')) ?? { text: '' };
    expect(text).toContain('DEMO: -0.2 USDT in 1 cycles (0 won), fees 1.2 USDT');
    expect(text).toContain('LIVE: +0.8 USDT in 1 cycles');
  });

  it('refuses preferences that make no sense, naming the field', async () => {
    const ask = (change: object) =>
      world.ask({ kind: 'set-preferences', preferences: { ...defaultPreferences, ...change } });
    expect(await ask({ timeZone: 'Mars/Olympus' })).toMatchObject({
      ok: false,
      refusals: [{ code: 'PREFERENCE_INVALID', field: '/timeZone' }],
    });
    expect(await ask({ quietHours: { from: '25:00', to: '06:00' } })).toMatchObject({
      refusals: [{ field: '/quietHours/from' }],
    });
    expect(await ask({ summaryAt: '8' })).toMatchObject({ refusals: [{ field: '/summaryAt' }] });
  });
});
