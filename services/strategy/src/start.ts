import 'reflect-metadata';
import { ScalpstormTransport } from '@scalpstorm/bus';
import type { EnvironmentVariables } from '@scalpstorm/config';
import { createServiceApp, type ServiceOptions } from '@scalpstorm/observability';
import { strategyEnv } from './config.js';
import { RestoreBots } from './handlers/restore-bots.js';
import { WakeBots } from './handlers/wake-bots.js';
import { StrategyModule } from './strategy.module.js';

/** Bots are restored before anything is heard, so that no event meets a bot that is not loaded. */
export async function start(
  env: EnvironmentVariables,
  options: Pick<ServiceOptions, 'ownsProcess' | 'log'> = {},
): Promise<{ close(): Promise<void> }> {
  const service = await createServiceApp(StrategyModule, {
    ...options,
    service: 'strategy',
    env,
    config: strategyEnv,
  });
  const { app } = service;
  await app.get(RestoreBots).run();
  app.connectMicroservice({ strategy: app.get(ScalpstormTransport) });
  await service.listen();
  app.get(WakeBots).start();
  return service;
}
