import 'reflect-metadata';
import { ScalpstormTransport } from '@scalpstorm/bus';
import type { EnvironmentVariables } from '@scalpstorm/config';
import { createServiceApp, type ServiceOptions } from '@scalpstorm/observability';
import { researchEnv } from './config.js';
import { JobRunner } from './handlers/job-runner.js';
import { ResearchModule } from './research.module.js';

/** Any number of processes run beside one another: each answers, and each runs jobs. */
export async function start(
  env: EnvironmentVariables,
  options: Pick<ServiceOptions, 'ownsProcess' | 'log'> = {},
): Promise<{ close(): Promise<void>; readonly address: string }> {
  const service = await createServiceApp(ResearchModule, { ...options, service: 'research', env, config: researchEnv });
  const { app } = service;
  app.connectMicroservice({ strategy: app.get(ScalpstormTransport) });
  const address = await service.listen();
  app.get(JobRunner).start();
  return { address, close: () => service.close() };
}
