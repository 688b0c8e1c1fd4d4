import type { BusWorld } from './bus-contract.js';
import { MemoryBroker } from './memory-broker.js';
import { MemoryBus } from './memory-bus.js';

/** Speakers that meet in memory. */
export function memoryWorld(broker = new MemoryBroker()): BusWorld {
  const open: MemoryBus[] = [];
  return {
    async connect(speaker) {
      const connection = new MemoryBus({ broker, speaker });
      open.push(connection);
      return connection;
    },
    deadLetters: async () => broker.stored('DEAD_LETTERS'),
    async close() {
      await Promise.all(open.map((connection) => connection.close()));
      broker.close();
    },
  };
}
