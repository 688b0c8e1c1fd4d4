import 'reflect-metadata';
import { ScalpstormTransport } from '@scalpstorm/bus';
import type { EnvironmentVariables } from '@scalpstorm/config';
import { createServiceApp, type ServiceOptions } from '@scalpstorm/observability';
import { StandBy } from '@scalpstorm/store';
import { strategyEnv } from './config.js';
import { ObeyHalts } from './handlers/obey-halts.js';
import { RefreshBars } from './handlers/refresh-bars.js';
import { RefreshFunds } from './handlers/refresh-funds.js';
import { RefreshInstruments } from './handlers/refresh-instruments.js';
import { RestoreBots } from './handlers/restore-bots.js';
import { WakeBots } from './handlers/wake-bots.js';
import { StrategyModule } from './strategy.module.js';

/**
 * Health and metrics are served first, and say what is waited for: the bots are run by the one process that has the lease. They are
 * restored before anything is heard, so that no event meets a bot that is not loaded.
 */
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
  await service.listen();
  if (!(await app.get(StandBy).run())) return service;
  await app.get(RestoreBots).run();
  await app.get(ObeyHalts).load();
  app.connectMicroservice({ strategy: app.get(ScalpstormTransport) });
  await app.startAllMicroservices();
  app.get(RefreshInstruments).start();
  app.get(RefreshFunds).start();
  app.get(RefreshBars).start();
  app.get(WakeBots).start();
  app.get(ObeyHalts).start();
  return service;
}
