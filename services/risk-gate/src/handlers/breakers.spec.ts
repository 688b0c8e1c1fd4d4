import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { BotId, RiskScope, type TradingState, UserId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { FakeClock } from '@scalpstorm/testkit';
import { SwitchedLease } from '../../test/handler-scene.js';
import { MemoryStates, MemoryTrips } from '../../test/memory-states.js';
import { breakerNames } from '../domain/breaker-names.js';
import { isOperators, objectionTo } from '../domain/state-words.js';
import type { Tripped } from '../ports/trips.js';
import { Breakers } from './breakers.js';

const scope = RiskScope.bot(BotId.of('bot_00000001'));
const ownerId = UserId.of('usr_1');

function scene() {
  const clock = new FakeClock();
  const states = new MemoryStates(clock);
  const lease = new SwitchedLease();
  const trips = new MemoryTrips();
  const metrics = new Metrics('risk-gate');
  const breakers = new Breakers(states, trips, lease, clock, new RecordingLog(), metrics);
  const trip = (changes: Partial<Tripped> & { seconds?: number } = {}) => {
    const { seconds = 60, ...rest } = changes;
    const until = Timestamp.plus(clock.now(), seconds * second);
    const found = { breaker: 'losses-in-a-row', state: 'halted', text: 'Losses', limit: '3', value: '3' } as const;
    return breakers.trip({ scope, ownerId, ...found, until, needsPerson: false, ...rest });
  };
  const say = (state: TradingState, operator = false) =>
    states.set({ scope, state, text: 'by hand', by: ownerId, operator, ownerId });
  const pass = async (seconds: number) => {
    clock.advance(seconds * second);
    await breakers.round();
    return states.own(scope).state;
  };
  return { breakers, clock, states, trips, lease, metrics, trip, say, pass };
}

describe('what a breaker trips', () => {
  it('is held until the cool-down is over, and then released', async () => {
    const { trip, pass, states } = scene();
    await trip();
    expect(states.own(scope)).toMatchObject({ state: 'halted', by: 'breaker:losses-in-a-row' });
    expect(states.own(scope).text).toMatch(/^Losses; until \d{4}-/);
    expect(await pass(59)).toBe('halted');
    expect(await pass(1)).toBe('active');
    expect(states.own(scope)).toMatchObject({ by: 'breaker:losses-in-a-row', text: 'the cool-down is over' });
  });

  it('stays for longer when it trips again, and never for less', async () => {
    const { trip, pass, states } = scene();
    await trip({ seconds: 60 });
    await trip({ seconds: 90 });
    await trip({ seconds: 10 });
    expect(states.words).toHaveLength(1);
    expect(await pass(89)).toBe('halted');
    expect(await pass(1)).toBe('active');
  });

  it('stays until a person releases it where one is needed, who can not before the cool-down is over', async () => {
    const { breakers, clock, trip, pass, say } = scene();
    await trip({ needsPerson: true });
    const word = { scope, state: 'active', operator: false } as const;
    expect(breakers.objectionTo(word)).toMatchObject({ code: 'COOL_DOWN_NOT_OVER', field: '/state' });
    expect(breakers.objectionTo({ ...word, state: 'reducing' })).not.toBeNull();
    expect(breakers.objectionTo({ ...word, state: 'halted' })).toBeNull();
    expect(breakers.objectionTo({ ...word, operator: true })).toBeNull();
    expect(await pass(3_600)).toBe('halted');
    expect(breakers.objectionTo(word)).toBeNull();
    await say('active');
    clock.advance(1);
    await breakers.round();
    expect(await pass(1)).toBe('active');
  });

  it('gives way to what somebody says, and gives back what was said before', async () => {
    const { trip, pass, say, states } = scene();
    await say('reducing');
    await trip();
    expect(await pass(60)).toBe('reducing');
    expect(states.own(scope)).toMatchObject({ text: 'by hand', by: ownerId });
    // Released and halted by hand meanwhile: that is nobody's to end but a person's.
    await trip();
    await say('active');
    await say('halted');
    expect(await pass(3_600)).toBe('halted');
  });

  it('over an operator’s word stays an operator’s to release, and gives that word back', async () => {
    for (const repeated of [false, true]) {
      const { trip, pass, say, states, clock } = scene();
      await say('reducing', true);
      await trip({ needsPerson: true });
      clock.advance(3_600 * second);
      const byOwner = { scope, operator: false, by: ownerId, ownerId };
      // Saying the same himself makes it the owner's no more than the breaker's word did.
      if (repeated) await say('halted', isOperators(byOwner, states.own(scope)));
      expect(objectionTo({ ...byOwner, state: 'active' }, states.own(scope))?.code).toBe('RELEASE_NEEDS_OPERATOR');
      expect(objectionTo({ ...byOwner, operator: true, state: 'active' }, states.own(scope))).toBeNull();
      if (repeated) continue;
      await say('active', true);
      await say('reducing', true);
      await trip();
      expect(await pass(60)).toBe('reducing');
      expect(states.own(scope)).toMatchObject({ text: 'by hand', operator: true });
    }
  });

  it('is not ended by its time when somebody has said the same since, and by nobody earlier than its time', async () => {
    const { breakers, trip, pass, say, states } = scene();
    await trip();
    await say('halted');
    const word = { scope, state: 'active', operator: false } as const;
    expect(breakers.objectionTo(word)).toMatchObject({ code: 'COOL_DOWN_NOT_OVER' });
    expect(await pass(3_600)).toBe('halted');
    expect(states.own(scope)).toMatchObject({ text: 'by hand', by: ownerId });
    expect(breakers.objectionTo(word)).toBeNull();
  });

  it('holds nobody back any more when an operator has released it', async () => {
    const { breakers, trip, say } = scene();
    await trip();
    await breakers.overruled(scope, () => say('active', true));
    await say('halted');
    expect(breakers.objectionTo({ scope, state: 'active', operator: false })).toBeNull();
  });

  it('is tripped and written though the first writing failed: by the next word of it, or by the round', async () => {
    for (const broken of ['states', 'trips'] as const) {
      const { trip, pass, states, trips } = scene();
      const failing = broken === 'states' ? states : trips;
      failing.failures = 1;
      await expect(trip()).rejects.toThrow('Postgres is away');
      expect(states.own(scope).state).toBe('halted');
      await trip();
      expect(trips.of(scope)?.since).toBe(states.own(scope).since);
      expect(await pass(60)).toBe('active');
      failing.failures = 1;
      await expect(trip()).rejects.toThrow('Postgres is away');
      expect(await pass(1)).toBe('halted');
      expect(trips.of(scope)).toMatchObject({ breaker: 'losses-in-a-row', before: { state: 'active' } });
      expect(await pass(60)).toBe('active');
    }
  });

  it('whose trip was lost with the gate that died between the two is kept when it trips again', async () => {
    const { trip, pass, states, trips, clock } = scene();
    await trip();
    await trips.end({ scope, since: states.own(scope).since ?? clock.now() });
    await trip({ breaker: 'daily-loss' });
    expect(trips.of(scope)).toMatchObject({ breaker: 'daily-loss', before: { state: 'active' } });
    expect(states.own(scope).state).toBe('halted');
    expect(await pass(60)).toBe('active');
  });

  it('is its owner’s after it was released, too', async () => {
    const { trip, pass, states } = scene();
    await trip();
    await pass(60);
    expect(states.own(scope)).toMatchObject({ state: 'active', ownerId });
  });

  it('while its release is being written holds after it, whoever releases', async () => {
    for (const byPerson of [false, true]) {
      const { breakers, trip, trips, say, states, clock } = scene();
      await trip();
      clock.advance(60 * second);
      const { promise, resolve } = Promise.withResolvers<void>();
      states.writing = () => promise;
      const released = byPerson ? breakers.overruled(scope, () => say('active', true)) : breakers.round();
      const tripped = trip({ breaker: 'daily-loss' });
      expect(states.own(scope).state).toBe('halted');
      resolve();
      await Promise.all([released, tripped]);
      expect(states.own(scope)).toMatchObject({ state: 'halted', by: 'breaker:daily-loss' });
      expect(trips.of(scope)).toMatchObject({ breaker: 'daily-loss', since: states.own(scope).since });
    }
  });

  it('that trips again while the round waits for its turn is not released by what was over before', async () => {
    const { breakers, trip, states, clock } = scene();
    await trip();
    clock.advance(60 * second);
    await Promise.all([trip(), breakers.round()]);
    expect(states.own(scope).state).toBe('halted');
    expect(states.words).toHaveLength(1);
  });

  it('and could not be written is written no more when somebody has released it', async () => {
    const { breakers, trip, pass, say, states } = scene();
    states.failures = 1;
    await expect(trip()).rejects.toThrow('Postgres is away');
    await breakers.overruled(scope, () => say('active', true));
    expect(await pass(1)).toBe('active');
  });

  it('that is as strict already stays as it is, and is not released', async () => {
    const { trip, pass, say, states } = scene();
    await say('halted');
    await trip();
    expect(states.own(scope).text).toBe('by hand');
    expect(await pass(3_600)).toBe('halted');
  });

  it('is not released by a gate that has lost the lease', async () => {
    const { trip, pass, lease } = scene();
    await trip();
    lease.isHeld = false;
    expect(await pass(3_600)).toBe('halted');
  });
});

it('counts trips from zero, so that whoever watches sees the first one', async () => {
  const { metrics, trip } = scene();
  const counted = async () => {
    const metric = await metrics.registry.getSingleMetric('scalpstorm_risk_breaker_trips_total')?.get();
    return new Map(metric?.values.map(({ labels, value }) => [labels['breaker'], value]));
  };
  expect(Object.fromEntries(await counted())).toEqual(Object.fromEntries(breakerNames.map((name) => [name, 0])));
  expect(breakerNames).toEqual(
    expect.arrayContaining(['drawdown', 'price-move', 'feed-stale', 'order-failures', 'slippage', 'runaway']),
  );
  await trip();
  expect((await counted()).get('losses-in-a-row')).toBe(1);
});
