import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { commonEnv, Environment, loadConfig, natsEnv } from '@scalpstorm/config';
import type { Speaker } from '@scalpstorm/contracts';
import { HealthRegistry, Metrics, WallClock } from '@scalpstorm/observability';
import { z } from 'zod';
import { Bus } from './bus.js';
import { BusMetrics } from './metrics.js';
import { NatsBus } from './nats-bus.js';
import { BusOutboxPublisher } from './outbox.js';
import { ReadBack } from './read-back.js';
import { Receiver } from './receiver.js';
import { StreamReaders } from './stream-reader.js';
import { ScalpstormTransport } from './transport.js';

/** What the bus reads from the environment. */
const busConfig = z.object({ ...commonEnv, ...natsEnv });

export interface BusModuleOptions {
  /** Who this process is on the bus; it decides the consumers, the inbox and what may be said. */
  readonly speaker: Speaker;
}

/** Closes after every other part has had its say: handlers are drained by the transport before. */
@Injectable()
class BusShutdown implements OnApplicationShutdown {
  constructor(@Inject(NatsBus) private readonly nats: NatsBus) {}

  async onApplicationShutdown(): Promise<void> {
    await this.nats.close();
  }
}

/** Provides {@link Bus}, {@link ScalpstormTransport} and {@link BusOutboxPublisher} over NATS. */
@Module({})
export class BusModule {
  static forRoot({ speaker }: BusModuleOptions): DynamicModule {
    return {
      module: BusModule,
      global: true,
      providers: [
        {
          provide: NatsBus,
          inject: [Environment, Metrics, HealthRegistry, WallClock],
          useFactory: (environment: Environment, metrics: Metrics, health: HealthRegistry, clock: WallClock) =>
            openFor(speaker, { environment, metrics, health, clock }),
        },
        { provide: Bus, inject: [NatsBus], useFactory: (nats: NatsBus) => nats.bus },
        { provide: Receiver, inject: [NatsBus], useFactory: (nats: NatsBus) => nats.receiver },
        {
          provide: BusOutboxPublisher,
          inject: [NatsBus],
          useFactory: (nats: NatsBus) => nats.outbox,
        },
        { provide: ReadBack, inject: [NatsBus], useFactory: (nats: NatsBus) => nats.readBack },
        {
          provide: StreamReaders,
          inject: [NatsBus],
          useFactory: (nats: NatsBus): StreamReaders => ({ read: (stream) => nats.read(stream) }),
        },
        ScalpstormTransport,
        BusShutdown,
      ],
      exports: [Bus, Receiver, BusOutboxPublisher, ReadBack, StreamReaders, ScalpstormTransport],
    };
  }
}

interface Surroundings {
  readonly environment: Environment;
  readonly metrics: Metrics;
  readonly health: HealthRegistry;
  readonly clock: WallClock;
}

async function openFor(speaker: Speaker, { environment, metrics, health, clock }: Surroundings): Promise<NatsBus> {
  const config = loadConfig(busConfig, environment.variables);
  const nats = await NatsBus.open({
    url: config.NATS_URL,
    user: config.NATS_USER,
    password: config.NATS_PASSWORD,
    namespace: config.SCALPSTORM_NAMESPACE,
    answerMsMax: config.NATS_ANSWER_MS_MAX,
    speaker,
    clock,
    metrics: new BusMetrics(metrics),
  });
  health.register('nats', () => nats.check(), { critical: true });
  return nats;
}
