import { beforeAll, describe, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { busContract } from './testing/bus-contract.js';
import { memoryWorld } from './testing/memory-world.js';
import { natsWorld } from './testing/nats-world.js';
import { testNats } from './testing/throw-away-namespace.js';

const server = testNats();

beforeAll(() => Logger.overrideLogger(false));

describe('the bus in memory', () => {
  for (const { name, run } of busContract(async () => memoryWorld())) test(name, run);
});

(server === null ? describe.skip : describe)('the bus over NATS (needs TEST_NATS_URL)', () => {
  const makeWorld = async () => natsWorld(server ?? unreachableServer());
  for (const { name, run } of busContract(makeWorld)) test(name, run);
});

function unreachableServer(): never {
  throw new Error('the suite is skipped without a server');
}
