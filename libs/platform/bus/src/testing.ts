export { type BusConnection, type BusWorld, busContract, type ContractCase } from './testing/bus-contract.js';
export { freePort } from './testing/free-port.js';
export { MemoryBroker, type StoredMessage } from './testing/memory-broker.js';
export { MemoryBus, type MemoryBusOptions } from './testing/memory-bus.js';
export { MemoryBusModule } from './testing/memory-bus.module.js';
export { memoryWorld } from './testing/memory-world.js';
export { type NatsWorld, natsWorld } from './testing/nats-world.js';
export { type Note, note, noteContract, textQuestion } from './testing/note.js';
export {
  type TestNats,
  type ThrowAwayNamespace,
  testNats,
  throwAwayNamespace,
} from './testing/throw-away-namespace.js';
export { until } from './testing/until.js';
