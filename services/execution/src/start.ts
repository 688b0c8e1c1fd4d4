import 'reflect-metadata';
import { ScalpstormTransport } from '@scalpstorm/bus';
import { type EnvironmentVariables, loadConfig } from '@scalpstorm/config';
import { createServiceApp, EmergencySignal } from '@scalpstorm/observability';
import { executionEnv } from './config.js';
import { ExecutionModule } from './execution.module.js';
import { MachineHalt } from './handlers/machine-halt.js';
import { PruneHistory } from './handlers/prune-history.js';
import { Recover } from './handlers/recover.js';
import { TellAccounts } from './handlers/tell-accounts.js';
import { VenueAccounts } from './handlers/venue-accounts.js';
import { WatchHalts } from './handlers/watch-halts.js';
import { WatchOrders } from './handlers/watch-orders.js';
import { TradingHalts } from './ports/trading-halts.js';

/**
 * Health and metrics are served first, and say what is waited for. Events are heard when every account is taken; its venue may
 * still be away then, and approvals for it wait or expire.
 */
export async function start(env: EnvironmentVariables): Promise<{ close(): Promise<void> }> {
  const signal = new EmergencySignal();
  const service = await createServiceApp(ExecutionModule, { service: 'execution', env, config: executionEnv });
  const { app } = service;
  const config = loadConfig(executionEnv, env);
  const settings = {
    reconcileEveryMs: config.RECONCILE_EVERY_MS,
    retellEndedMinutes: config.RETELL_ENDED_MINUTES,
  };
  await service.listen();
  await app.get(TradingHalts).load();
  await app.get(VenueAccounts).attachStored();
  if (!(await app.get(Recover).open(settings))) return service;
  // Whoever has waited for the books was not told what was said to their keeper meanwhile.
  await app.get(TradingHalts).load();
  // The books are open: what is there can be canceled. Venues, bus and gate may still be away.
  signal.whenPressed(() => void app.get(MachineHalt).press());
  app.connectMicroservice({ strategy: app.get(ScalpstormTransport) });
  await app.startAllMicroservices();
  app.get(TellAccounts).start();
  app.get(PruneHistory).start(config.HISTORY_KEPT_DAYS);
  app.get(WatchHalts).start();
  app.get(WatchOrders).start(config.RECONCILE_ORDERS_EVERY_MS);
  void app.get(Recover).run(settings);
  return service;
}
