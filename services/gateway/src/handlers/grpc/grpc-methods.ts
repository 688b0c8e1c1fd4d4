import type { GrpcMethod } from './grpc-method.js';
import { auditMethods } from './methods-audit.js';
import { backtestMethods } from './methods-backtests.js';
import { botMethods } from './methods-bots.js';
import { notificationMethods } from './methods-notifications.js';
import { optimisationMethods } from './methods-optimisations.js';
import { peopleMethods } from './methods-people.js';
import { planMethods } from './methods-plans.js';
import { platformMethods } from './methods-platform.js';
import { reconciliationMethods } from './methods-reconciliation.js';
import { tradingMethods } from './methods-trading.js';
import { venueAccountMethods } from './methods-venue-accounts.js';

/** Every call that is answered once. The HTTP controllers call the same use cases with the same schemas. */
export const grpcMethods: readonly GrpcMethod[] = [
  ...peopleMethods,
  ...botMethods,
  ...tradingMethods,
  ...planMethods,
  ...reconciliationMethods,
  ...platformMethods,
  ...venueAccountMethods,
  ...notificationMethods,
  ...backtestMethods,
  ...optimisationMethods,
  ...auditMethods,
];
