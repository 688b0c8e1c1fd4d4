import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { activityLevels } from './domain/levels.js';
import type { Activity } from './domain/rows.js';
import { NotFound } from './shell/not-found.js';
import { PageFault } from './shell/page-fault.js';
import { Root } from './shell/root.js';

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: PageFault });

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const oneOf = <Value extends string>(values: readonly Value[], value: unknown): Value | undefined =>
  values.find((each) => each === value);

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./screens/overview.js'), 'Overview'),
});
const bots = createRoute({
  getParentRoute: () => root,
  path: '/bots',
  validateSearch: (search: Record<string, unknown>): { layout?: 'grid' | 'column' } => ({
    layout: oneOf(['grid', 'column'], search['layout']),
  }),
  component: lazyRouteComponent(() => import('./screens/bots.js'), 'Bots'),
});
const newBot = createRoute({
  getParentRoute: () => root,
  path: '/bots/new',
  validateSearch: (search: Record<string, unknown>): { from?: string } => ({ from: text(search['from']) }),
  component: lazyRouteComponent(() => import('./screens/new-bot.js'), 'NewBot'),
});
const bot = createRoute({
  getParentRoute: () => root,
  path: '/bots/$botId',
  component: lazyRouteComponent(() => import('./screens/bot.js'), 'BotScreen'),
});
const editBot = createRoute({
  getParentRoute: () => root,
  path: '/bots/$botId/edit',
  component: lazyRouteComponent(() => import('./screens/edit-bot.js'), 'EditBot'),
});
const orders = createRoute({
  getParentRoute: () => root,
  path: '/orders',
  validateSearch: (search: Record<string, unknown>): { show?: 'open' | 'final' | 'fills'; bot?: string } => ({
    show: oneOf(['open', 'final', 'fills'], search['show']),
    bot: text(search['bot']),
  }),
  component: lazyRouteComponent(() => import('./screens/orders.js'), 'Orders'),
});
const holdings = createRoute({
  getParentRoute: () => root,
  path: '/holdings',
  component: lazyRouteComponent(() => import('./screens/holdings.js'), 'HoldingsScreen'),
});
const activity = createRoute({
  getParentRoute: () => root,
  path: '/activity',
  validateSearch: (search: Record<string, unknown>): { level?: Activity['level']; bot?: string } => ({
    level: oneOf(activityLevels, search['level']),
    bot: text(search['bot']),
  }),
  component: lazyRouteComponent(() => import('./screens/activity.js'), 'ActivityScreen'),
});
const risk = createRoute({
  getParentRoute: () => root,
  path: '/risk',
  component: lazyRouteComponent(() => import('./screens/risk.js'), 'Risk'),
});
const accounts = createRoute({
  getParentRoute: () => root,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./screens/accounts.js'), 'Accounts'),
});

const notifications = createRoute({
  getParentRoute: () => root,
  path: '/notifications',
  component: lazyRouteComponent(() => import('./screens/notifications.js'), 'Notifications'),
});

const lists = [orders, holdings, activity] as const;
const settings = [accounts, notifications] as const;
const routeTree = root.addChildren([overview, bots, newBot, bot, editBot, ...lists, risk, ...settings]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultErrorComponent: PageFault,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
