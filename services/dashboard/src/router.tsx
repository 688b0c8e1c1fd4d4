import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { activityLevels } from './domain/levels.js';
import type { Activity } from './domain/rows.js';
import { NotFound } from './shell/not-found.js';
import { PageFault } from './shell/page-fault.js';
import { Root } from './shell/root.js';

/** What each screen is made of, loaded when it is opened or when there is nothing else to do. */
const screens = {
  overview: () => import('./screens/overview.js'),
  bots: () => import('./screens/bots.js'),
  newBot: () => import('./screens/new-bot.js'),
  bot: () => import('./screens/bot.js'),
  editBot: () => import('./screens/edit-bot.js'),
  orders: () => import('./screens/orders.js'),
  holdings: () => import('./screens/holdings.js'),
  activity: () => import('./screens/activity.js'),
  risk: () => import('./screens/risk.js'),
  reconciliation: () => import('./screens/reconciliation.js'),
  accounts: () => import('./screens/accounts.js'),
  notifications: () => import('./screens/notifications.js'),
  me: () => import('./screens/me.js'),
  users: () => import('./screens/users.js'),
} as const;

/** So that a line that is cut later does not keep anybody from going to another screen. */
export async function loadScreens(): Promise<void> {
  await Promise.allSettled(Object.values(screens).map((load) => load()));
}

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: PageFault });

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const oneOf = <Value extends string>(values: readonly Value[], value: unknown): Value | undefined =>
  values.find((each) => each === value);

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(screens.overview, 'Overview'),
});
const bots = createRoute({
  getParentRoute: () => root,
  path: '/bots',
  validateSearch: (search: Record<string, unknown>): { layout?: '1' | '2' | '3' | 'column' } => ({
    // A number in an address comes as one.
    layout: oneOf(['1', '2', '3', 'column'], String(search['layout'])),
  }),
  component: lazyRouteComponent(screens.bots, 'Bots'),
});
const newBot = createRoute({
  getParentRoute: () => root,
  path: '/bots/new',
  validateSearch: (search: Record<string, unknown>): { from?: string } => ({ from: text(search['from']) }),
  component: lazyRouteComponent(screens.newBot, 'NewBot'),
});
const bot = createRoute({
  getParentRoute: () => root,
  path: '/bots/$botId',
  component: lazyRouteComponent(screens.bot, 'BotScreen'),
});
const editBot = createRoute({
  getParentRoute: () => root,
  path: '/bots/$botId/edit',
  component: lazyRouteComponent(screens.editBot, 'EditBot'),
});
interface OrdersSearch {
  readonly show?: 'open' | 'final' | 'fills' | 'plans' | undefined;
  readonly bot?: string | undefined;
  /** Whose details are open. */
  readonly plan?: string | undefined;
}
const orders = createRoute({
  getParentRoute: () => root,
  path: '/orders',
  validateSearch: (search: Record<string, unknown>): OrdersSearch => ({
    show: oneOf(['open', 'final', 'fills', 'plans'], search['show']),
    bot: text(search['bot']),
    plan: text(search['plan']),
  }),
  component: lazyRouteComponent(screens.orders, 'Orders'),
});
const holdings = createRoute({
  getParentRoute: () => root,
  path: '/holdings',
  component: lazyRouteComponent(screens.holdings, 'HoldingsScreen'),
});
const activity = createRoute({
  getParentRoute: () => root,
  path: '/activity',
  validateSearch: (search: Record<string, unknown>): { level?: Activity['level']; bot?: string } => ({
    level: oneOf(activityLevels, search['level']),
    bot: text(search['bot']),
  }),
  component: lazyRouteComponent(screens.activity, 'ActivityScreen'),
});
const risk = createRoute({
  getParentRoute: () => root,
  path: '/risk',
  component: lazyRouteComponent(screens.risk, 'Risk'),
});
const reconciliation = createRoute({
  getParentRoute: () => root,
  path: '/reconciliation',
  validateSearch: (search: Record<string, unknown>): { account?: string } => ({ account: text(search['account']) }),
  component: lazyRouteComponent(screens.reconciliation, 'ReconciliationScreen'),
});
const accounts = createRoute({
  getParentRoute: () => root,
  path: '/accounts',
  component: lazyRouteComponent(screens.accounts, 'Accounts'),
});

const notifications = createRoute({
  getParentRoute: () => root,
  path: '/notifications',
  component: lazyRouteComponent(screens.notifications, 'Notifications'),
});

const me = createRoute({ getParentRoute: () => root, path: '/me', component: lazyRouteComponent(screens.me, 'Me') });
const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  component: lazyRouteComponent(screens.users, 'UsersScreen'),
});

const lists = [orders, holdings, activity] as const;
const settings = [accounts, notifications, me, users] as const;
const routeTree = root.addChildren([overview, bots, newBot, bot, editBot, ...lists, risk, reconciliation, ...settings]);

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
