import { expect, test } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { BotId, type HaltLevel, RiskScope, UserId } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { FakeClock } from '@scalpstorm/testkit';
import { SwitchedLease } from '../../test/handler-scene.js';
import { MemoryDeadMen } from '../../test/memory-dead-men.js';
import { MemoryStates } from '../../test/memory-states.js';
import type { ArmedDeadMan } from '../ports/dead-men.js';
import { WatchDeadMen } from './watch-dead-men.js';

const scope = RiskScope.bot(BotId.of('bot_00000001'));
const owner = UserId.of('usr_1');
const risk = UserId.of('usr_risk');

function scene() {
  const clock = new FakeClock();
  const states = new MemoryStates(clock);
  const lease = new SwitchedLease();
  const stored = new Map<string, ArmedDeadMan>();
  const opened = () => new WatchDeadMen(new MemoryDeadMen(stored), states, lease, clock, new RecordingLog());
  const of = (by: UserId) => ({ commandId: 'c', userId: owner, text: '', scope, by, operator: by === risk });
  let watch = opened();
  const arm = (seconds = 30, by = owner, level: HaltLevel = 'flatten') =>
    watch.change({ ...of(by), kind: 'arm', seconds, level });
  const disarm = (by = owner) => watch.change({ ...of(by), kind: 'disarm' });
  const pass = async (seconds: number) => {
    clock.advance(seconds * second);
    await watch.round();
    return states.own(scope).state;
  };
  const restart = () => {
    watch = opened();
  };
  return { watch: () => watch, states, lease, stored, arm, disarm, pass, restart, list: () => watch.of(owner) };
}

test('a timer that nobody renews halts at its level, once, and is gone', async () => {
  const { states, arm, pass, list, restart } = scene();
  expect(await arm(30)).toBe('armed');
  expect(await pass(20)).toBe('active');
  expect(await arm(30)).toBe('renewed');
  expect(await pass(29)).toBe('active');
  expect(await list()).toMatchObject([{ seconds: 30, level: 'flatten', by: owner }]);
  restart();
  expect(await pass(1)).toBe('halted');
  expect(states.words).toMatchObject([{ scope, by: 'dead-man', level: 'flatten', operator: false, ownerId: owner }]);
  expect(await list()).toEqual([]);
  await states.set({ scope, state: 'active', text: '', by: owner, operator: false, ownerId: owner });
  expect(await pass(3_600)).toBe('active');
});

test('one that is taken away halts nothing, and of an operator only an operator takes it', async () => {
  const { arm, disarm, pass, states } = scene();
  await arm();
  expect(await disarm()).toBe('disarmed');
  expect(await pass(100)).toBe('active');
  await arm(30, risk);
  expect(await disarm()).toMatchObject({ code: 'DEAD_MAN_NEEDS_OPERATOR' });
  expect(await arm(86_400)).toMatchObject({ code: 'DEAD_MAN_NEEDS_OPERATOR' });
  expect(await pass(30)).toBe('halted');
  expect(states.own(scope)).toMatchObject({ by: 'dead-man', operator: true });
});

test('a renewal says the same of a timer that still runs; anything else is an arming', async () => {
  const { arm, pass, lease } = scene();
  expect(await arm(30)).toBe('armed');
  expect([await arm(30), await arm(31), await arm(31)]).toEqual(['renewed', 'armed', 'renewed']);
  expect(await arm(31, owner, 'halt')).toBe('armed');
  expect([await arm(31, risk, 'halt'), await arm(31, risk, 'halt')]).toEqual(['armed', 'renewed']);
  // It has run out, though nobody has looked.
  lease.isHeld = false;
  await pass(31);
  expect(await arm(31, risk, 'halt')).toBe('armed');
});

test('only the gate that leads halts, times are bounded, and what could not be written is tried again', async () => {
  const { arm, pass, lease, states } = scene();
  expect(await arm(9)).toMatchObject({ code: 'OUT_OF_RANGE' });
  expect(await arm(86_401)).toMatchObject({ code: 'OUT_OF_RANGE' });
  await arm();
  lease.isHeld = false;
  expect(await pass(60)).toBe('active');
  lease.isHeld = true;
  const set = states.set.bind(states);
  states.set = () => Promise.reject(new Error('Postgres is away'));
  expect(await pass(1)).toBe('active');
  states.set = set;
  expect(await pass(1)).toBe('halted');
});

test('what can not be halted holds up no other timer', async () => {
  const { watch, stored, states, pass, arm } = scene();
  const other = RiskScope.bot(BotId.of('bot_00000002'));
  await arm();
  await watch().change({
    ...{ commandId: 'c', userId: owner, text: '', scope: other, by: owner, operator: false },
    ...{ kind: 'arm', seconds: 30, level: 'halt' },
  });
  expect(stored.size).toBe(2);
  const set = states.set.bind(states);
  states.set = (word) => (word.scope.id === scope.id ? Promise.reject(new Error('no')) : set(word));
  expect(await pass(30)).toBe('active');
  expect(states.own(other).state).toBe('halted');
  expect([...stored.values()].map((one) => one.scope)).toEqual([scope]);
});
