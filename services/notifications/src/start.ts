import 'reflect-metadata';
import { ScalpstormTransport } from '@scalpstorm/bus';
import type { EnvironmentVariables } from '@scalpstorm/config';
import { createServiceApp, type ServiceOptions } from '@scalpstorm/observability';
import { notificationsEnv } from './config.js';
import { Duty } from './handlers/duty.js';
import { NotificationsModule } from './notifications.module.js';

/** Health and metrics are served first; events are heard by the one process that is on duty. */
export async function start(
  env: EnvironmentVariables,
  options: Pick<ServiceOptions, 'ownsProcess' | 'log'> = {},
): Promise<{ close(): Promise<void>; readonly address: string }> {
  const service = await createServiceApp(NotificationsModule, {
    ...options,
    service: 'notifications',
    env,
    config: notificationsEnv,
  });
  const { app } = service;
  const address = await service.listen();
  await app.get(Duty).begin(async () => {
    app.connectMicroservice({ strategy: app.get(ScalpstormTransport) });
    await app.startAllMicroservices();
  });
  return { address, close: () => service.close() };
}
