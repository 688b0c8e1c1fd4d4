import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { commonEnv, Environment, loadConfig } from '@scalpstorm/config';
import { z } from 'zod';
import { HealthRegistry } from './health.js';
import { LiveController } from './live.controller.js';
import { Log, PinoLog } from './log.js';
import { Metrics } from './metrics.js';
import { SystemClock, WallClock } from './system-clock.js';
import { startTracing } from './tracing.js';

export interface ObservabilityOptions {
  readonly service: string;
  /** Instead of a new one that writes to stdout. */
  readonly log?: Log;
}

const environmentSchema = z.object(commonEnv);
const FLUSH_TRACES = Symbol('FLUSH_TRACES');

/** Provides Log, Metrics, HealthRegistry and WallClock everywhere, and starts tracing. */
@Module({})
export class ObservabilityModule implements OnApplicationShutdown {
  constructor(@Inject(FLUSH_TRACES) private readonly flushTraces: () => Promise<void>) {}

  static forRoot({ service, log }: ObservabilityOptions): DynamicModule {
    return {
      module: ObservabilityModule,
      global: true,
      controllers: [LiveController],
      providers: [
        {
          provide: Log,
          useFactory: ({ variables }: Environment) =>
            log ?? PinoLog.create({ service, level: loadConfig(environmentSchema, variables).LOG_LEVEL }),
          inject: [Environment],
        },
        {
          provide: FLUSH_TRACES,
          useFactory: ({ variables }: Environment) => {
            const endpoint = loadConfig(environmentSchema, variables).OTEL_EXPORTER_OTLP_ENDPOINT;
            return startTracing({ service, endpoint });
          },
          inject: [Environment],
        },
        { provide: Metrics, useFactory: () => new Metrics(service, { nodeMetrics: true }) },
        { provide: HealthRegistry, useFactory: () => new HealthRegistry() },
        { provide: WallClock, useFactory: () => new SystemClock() },
      ],
      exports: [Log, Metrics, HealthRegistry, WallClock],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flushTraces();
  }
}
