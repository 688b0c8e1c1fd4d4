import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { commonEnv, Environment, type EnvironmentVariables, loadConfig } from '@scalpstorm/config';
import { z } from 'zod';
import { HealthRegistry } from './health.js';
import { LiveController } from './live.controller.js';
import { Log, PinoLog } from './log.js';
import { Metrics } from './metrics.js';
import { SystemClock, WallClock } from './system-clock.js';
import { startTracing } from './trace-export.js';

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
          useFactory: ({ variables }: Environment, lines: Log, metrics: Metrics) =>
            startTracing({ service, ...tracingFrom(variables) }, { log: lines, metrics }),
          inject: [Environment, Log, Metrics],
        },
        {
          provide: Metrics,
          useFactory: ({ variables }: Environment) => {
            const silent = loadConfig(environmentSchema, variables).METRICS === 'off';
            return new Metrics(service, { nodeMetrics: !silent, silent });
          },
          inject: [Environment],
        },
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

function tracingFrom(variables: EnvironmentVariables) {
  const config = loadConfig(environmentSchema, variables);
  return {
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    ratio: config.OTEL_TRACES_SAMPLER_ARG,
    tracesPerSecondMax: config.TRACES_PER_SECOND_MAX,
    marketRatio: config.TRACE_MARKET_RATIO,
    disabled: config.OTEL_SDK_DISABLED,
  };
}
