import { type DynamicModule, Module } from '@nestjs/common';
import { Bus } from '../bus.js';
import { BusOutboxPublisher } from '../outbox.js';
import { ReadBack } from '../read-back.js';
import { Receiver } from '../receiver.js';
import { ScalpstormTransport } from '../transport.js';
import type { MemoryBus } from './memory-bus.js';

/** Stands in for `BusModule` in a flow test: the service's handlers hang on the bus in memory. */
@Module({})
export class MemoryBusModule {
  static forRoot(memory: MemoryBus): DynamicModule {
    return {
      module: MemoryBusModule,
      global: true,
      providers: [
        { provide: Bus, useValue: memory.bus },
        { provide: Receiver, useValue: memory.receiver },
        { provide: BusOutboxPublisher, useValue: memory.outbox },
        { provide: ReadBack, useValue: memory.readBack },
        ScalpstormTransport,
      ],
      exports: [Bus, Receiver, BusOutboxPublisher, ReadBack, ScalpstormTransport],
    };
  }
}
