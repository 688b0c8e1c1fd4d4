import 'reflect-metadata';
import { ScalpstormTransport } from '@scalpstorm/bus';
import type { EnvironmentVariables } from '@scalpstorm/config';
import { createServiceApp } from '@scalpstorm/observability';
import { marketDataEnv } from './config.js';
import { MarketDataModule } from './market-data.module.js';

export interface StartOptions {
  /** False when the process has other tenants, as in tests. Default: true. */
  readonly ownsProcess?: boolean;
}

/** Starts the service; resolves when it listens. `url` is that of health and metrics. */
export async function start(
  env: EnvironmentVariables,
  options: StartOptions = {},
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const service = await createServiceApp(MarketDataModule, {
    service: 'market-data',
    env,
    config: marketDataEnv,
    ...options,
  });
  service.app.connectMicroservice({ strategy: service.app.get(ScalpstormTransport) });
  const url = await service.listen();
  return { url, close: () => service.close() };
}
