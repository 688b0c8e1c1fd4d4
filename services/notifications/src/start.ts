import 'reflect-metadata';
import { ScalpstormTransport } from '@scalpstorm/bus';
import type { EnvironmentVariables } from '@scalpstorm/config';
import { createServiceApp, type ServiceOptions } from '@scalpstorm/observability';
import { notificationsEnv } from './config.js';
import { Lanes } from './handlers/lanes.js';
import { RenewSecrets } from './handlers/renew-secrets.js';
import { TelegramUpdates } from './handlers/telegram-updates.js';
import { TellGathered } from './handlers/tell-gathered.js';
import { NotificationsModule } from './notifications.module.js';
import { KnownBots } from './ports/known-bots.js';
import { Profiles } from './ports/profiles.js';

/** Who is told, and what the bots were, is known before the first event is heard. */
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
  await Promise.all([app.get(Profiles).load(), app.get(KnownBots).load()]);
  await app.get(RenewSecrets).run();
  app.connectMicroservice({ strategy: app.get(ScalpstormTransport) });
  const address = await service.listen();
  app.get(Lanes).start();
  app.get(TellGathered).start();
  app.get(TelegramUpdates).start();
  return { address, close: () => service.close() };
}
