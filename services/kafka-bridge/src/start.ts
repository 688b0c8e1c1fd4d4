import 'reflect-metadata';
import type { EnvironmentVariables } from '@scalpstorm/config';
import { createServiceApp, type ServiceOptions } from '@scalpstorm/observability';
import { kafkaBridgeEnv } from './config.js';
import { Bridge } from './handlers/bridge.js';
import { KafkaBridgeModule } from './kafka-bridge.module.js';

/** Health and metrics are served first, and say what is waited for. */
export async function start(
  env: EnvironmentVariables,
  options: Pick<ServiceOptions, 'ownsProcess' | 'log'> = {},
): Promise<{ close(): Promise<void>; readonly address: string }> {
  const service = await createServiceApp(KafkaBridgeModule, {
    ...options,
    service: 'kafka-bridge',
    env,
    config: kafkaBridgeEnv,
  });
  const address = await service.listen();
  await service.app.get(Bridge).begin();
  return { address, close: () => service.close() };
}
