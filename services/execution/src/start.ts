import 'reflect-metadata';
import { ScalpstormTransport } from '@scalpstorm/bus';
import { type EnvironmentVariables, loadConfig } from '@scalpstorm/config';
import { createServiceApp } from '@scalpstorm/observability';
import { executionEnv } from './config.js';
import { ExecutionModule } from './execution.module.js';
import { Recover } from './handlers/recover.js';
import { TellAccounts } from './handlers/tell-accounts.js';

/** Recovers first; approvals are heard and the service is ready only afterwards. */
export async function start(env: EnvironmentVariables): Promise<{ close(): Promise<void> }> {
  const service = await createServiceApp(ExecutionModule, { service: 'execution', env, config: executionEnv });
  const { app } = service;
  await app.get(Recover).run(loadConfig(executionEnv, env).RECONCILE_EVERY_MS);
  app.get(TellAccounts).start();
  app.connectMicroservice({ strategy: app.get(ScalpstormTransport) });
  await service.listen();
  return service;
}
