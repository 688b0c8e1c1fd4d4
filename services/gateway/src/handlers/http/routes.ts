import type { AnyRoute } from './route.js';
import { auditRoutes } from './routes-audit.js';
import { backtestRoutes } from './routes-backtests.js';
import { botRoutes } from './routes-bots.js';
import { certificateRoutes } from './routes-certificates.js';
import { marketAndRiskRoutes } from './routes-markets-and-risk.js';
import { metaRoutes } from './routes-meta.js';
import { notificationRoutes } from './routes-notifications.js';
import { optimisationRoutes } from './routes-optimisations.js';
import { planRoutes } from './routes-plans.js';
import { reconciliationRoutes } from './routes-reconciliation.js';
import { sessionRoutes } from './routes-sessions.js';
import { tradingRoutes } from './routes-trading.js';
import { venueAccountRoutes } from './routes-venue-accounts.js';

/** The whole API. The controllers serve exactly these; the OpenAPI document and other doors are made from them. */
export const routes = {
  ...sessionRoutes,
  ...botRoutes,
  ...tradingRoutes,
  ...planRoutes,
  ...reconciliationRoutes,
  ...marketAndRiskRoutes,
  ...venueAccountRoutes,
  ...notificationRoutes,
  ...backtestRoutes,
  ...certificateRoutes,
  ...optimisationRoutes,
  ...auditRoutes,
  ...metaRoutes,
} as const;

export const routeTable: readonly AnyRoute[] = Object.values(routes) as unknown as readonly AnyRoute[];
