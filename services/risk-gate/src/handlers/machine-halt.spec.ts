import { expect, test } from '@jest/globals';
import { RiskScope } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { FakeClock } from '@scalpstorm/testkit';
import { SwitchedLease } from '../../test/handler-scene.js';
import { MemoryStates } from '../../test/memory-states.js';
import { MachineHalt } from './machine-halt.js';

const { platform } = RiskScope;

function scene() {
  const states = new MemoryStates(new FakeClock());
  const lease = new SwitchedLease();
  const halt = new MachineHalt(states, lease, new RecordingLog());
  halt.pause = async () => undefined;
  return { states, lease, halt };
}

test('a signal halts the platform as an operator would, and has open orders canceled', async () => {
  const { states, halt } = scene();
  await halt.press();
  expect(states.words).toMatchObject([{ scope: platform, state: 'halted', level: 'cancel', operator: true }]);
  expect(states.own(platform).by).toMatch(/^machine:\S+$/);
});

test('it is tried until it is kept, and no longer when somebody has said something else', async () => {
  const { states, halt } = scene();
  const set = states.set.bind(states);
  let tries = 0;
  states.set = async (word) => {
    tries += 1;
    const said = await set(word);
    if (tries < 3) throw new Error('Postgres is away');
    return said;
  };
  await halt.press();
  expect(tries).toBe(3);
  states.set = async (word) => {
    await set(word);
    await set({ ...word, state: 'active', by: 'usr_risk' });
    throw new Error('Postgres is away');
  };
  await halt.press();
  expect(states.own(platform)).toMatchObject({ state: 'active', by: 'usr_risk' });
});

test('a gate that stands by halts nothing', async () => {
  const { states, lease, halt } = scene();
  lease.isHeld = false;
  await halt.press();
  expect(states.words).toEqual([]);
});
