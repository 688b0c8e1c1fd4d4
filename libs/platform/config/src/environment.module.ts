import { type DynamicModule, type FactoryProvider, type InjectionToken, Module } from '@nestjs/common';
import type { z } from 'zod';
import { type EnvironmentVariables, loadConfig } from './load-config.js';

/** The variables that this process was given; modules parse their own part of it with {@link loadConfig}. */
export abstract class Environment {
  abstract readonly variables: EnvironmentVariables;
}

/** Hands the environment to every module, so that nothing else reads `process.env`. */
@Module({})
export class EnvironmentModule {
  static forRoot(variables: EnvironmentVariables): DynamicModule {
    const environment: Environment = { variables };
    return {
      module: EnvironmentModule,
      global: true,
      providers: [{ provide: Environment, useValue: environment }],
      exports: [Environment],
    };
  }
}

/** Provides the parsed settings of a schema under a token: `configProvider(RISK_CONFIG, riskConfigSchema)`. */
export function configProvider<Schema extends z.ZodObject>(provide: InjectionToken, schema: Schema): FactoryProvider {
  return {
    provide,
    useFactory: (environment: Environment) => loadConfig(schema, environment.variables),
    inject: [Environment],
  };
}
