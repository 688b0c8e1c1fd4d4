import 'reflect-metadata';
import { ScalpstormTransport } from '@scalpstorm/bus';
import type { EnvironmentVariables } from '@scalpstorm/config';
import { createServiceApp, type ServiceOptions } from '@scalpstorm/observability';
import { inferenceEnv } from './config.js';
import { bodyBytesMax } from './handlers/open-inference.filter.js';
import { InferenceModule } from './inference.module.js';

/** Models are loaded while the service already answers: nobody waits for a model, and a broken one keeps nothing down. */
export async function start(
  env: EnvironmentVariables,
  options: Pick<ServiceOptions, 'ownsProcess' | 'log'> = {},
): Promise<{ close(): Promise<void>; readonly url: string; readonly operationsUrl: string }> {
  const service = await createServiceApp(InferenceModule, {
    ...options,
    service: 'inference',
    env,
    config: inferenceEnv,
    door: { bodyBytesMax },
  });
  const { app } = service;
  app.connectMicroservice({ strategy: app.get(ScalpstormTransport) });
  const operationsUrl = await service.listen();
  return { url: await app.getUrl(), operationsUrl, close: () => service.close() };
}
