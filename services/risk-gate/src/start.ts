import 'reflect-metadata';
import { ScalpstormTransport } from '@scalpstorm/bus';
import type { EnvironmentVariables } from '@scalpstorm/config';
import { createServiceApp, EmergencySignal, type ServiceOptions } from '@scalpstorm/observability';
import { riskGateEnv } from './config.js';
import { MachineHalt } from './handlers/machine-halt.js';
import { Rebuild } from './handlers/rebuild.js';
import { WatchDeadMen } from './handlers/watch-dead-men.js';
import { RiskGateModule } from './risk-gate.module.js';

/**
 * Health and metrics are served first, and say what is waited for. The standing is rebuilt, by the one gate that has the lease,
 * before the first request is heard.
 */
export async function start(
  env: EnvironmentVariables,
  options: Pick<ServiceOptions, 'ownsProcess' | 'log'> = {},
): Promise<{ close(): Promise<void> }> {
  const signal = options.ownsProcess === false ? null : new EmergencySignal();
  const service = await createServiceApp(RiskGateModule, {
    ...options,
    service: 'risk-gate',
    env,
    config: riskGateEnv,
  });
  const { app } = service;
  await service.listen();
  // At once, or not at all: one that stands by must not halt hours later, when it leads.
  signal?.whenPressed(() => void app.get(MachineHalt).press());
  if (!(await app.get(Rebuild).run())) return service;
  app.get(WatchDeadMen).start();
  app.connectMicroservice({ strategy: app.get(ScalpstormTransport) });
  await app.startAllMicroservices();
  return service;
}
