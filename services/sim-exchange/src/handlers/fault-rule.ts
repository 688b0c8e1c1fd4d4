/** What a request wants, whichever door it comes through. `read` is everything that neither places nor cancels. */
export const operations = ['place', 'cancel', 'read'] as const;
export type Operation = (typeof operations)[number];

/** The stream name that stands for user events and for the sockets of the websocket API. */
export const userStream = 'user';

export const delayMsMax = 60_000;
export const countMax = 1_000_000;
export const durationMsMax = 3_600_000;
export const retryAfterSecondsMax = 259_200;
export const copiesMax = 10;
export const windowMax = 100;
export const holdMsMax = 60_000;
export const skewMsMax = 3_600_000;
export const seedMax = 2 ** 32 - 1;

/** What goes wrong. Each kind is described in docs/sim-exchange.md. */
export type FaultEffect =
  | { readonly kind: 'latency'; readonly delayMs: number; readonly spreadMs: number }
  | { readonly kind: 'drop-answer'; readonly as: 'cut' | 'silence' | '503' | '504' }
  | { readonly kind: 'late-placement'; readonly delayMs: number }
  | { readonly kind: 'rate-limit'; readonly retryAfterSeconds: number; readonly code: -1003 | -1015 }
  | { readonly kind: 'ban'; readonly retryAfterSeconds: number }
  | {
      readonly kind: 'server-error';
      readonly status: 500 | 502 | 503 | 504;
      readonly code: -1000 | -1001 | -1008;
      readonly executed: boolean;
    }
  | { readonly kind: 'html'; readonly status: 403 | 500 | 502 | 503 | 504; readonly executed: boolean }
  | { readonly kind: 'refuse-subscription'; readonly code: -1000 | -1003 | -2015 }
  | { readonly kind: 'silent-socket' }
  | { readonly kind: 'cut-socket'; readonly closeCode: number }
  | { readonly kind: 'duplicate'; readonly copies: number }
  | { readonly kind: 'reorder'; readonly window: number; readonly holdMs: number }
  | { readonly kind: 'clock-skew'; readonly offsetMs: number }
  | { readonly kind: 'stale-read'; readonly ageMs: number };

export type FaultKind = FaultEffect['kind'];
export type EffectOf<Kind extends FaultKind> = Extract<FaultEffect, { readonly kind: Kind }>;

/** Where it goes wrong; null is everywhere. */
export interface FaultScope {
  readonly operation: Operation | null;
  /** A REST path or a method of the websocket API, whole segments of it: `/api/v3/order`, `order.place`, `openOrders`. */
  readonly route: string | null;
  readonly method: string | null;
  /** An API key. */
  readonly account: string | null;
  /** How the name of a stream starts, or `user`. */
  readonly stream: string | null;
}

export interface FaultRule {
  readonly effect: FaultEffect;
  readonly scope: FaultScope;
  /** How often it hits; null until it is taken away. */
  readonly count: number | null;
  readonly durationMs: number | null;
  /** Of a hit, each time it could hit. */
  readonly probability: number;
  /** The same seed and the same requests give the same hits, spreads and orders of events. */
  readonly seed: number;
}

/** A request at a door. */
export interface RequestCall {
  readonly door: 'rest' | 'websocket';
  readonly route: string;
  /** Of HTTP; null on the websocket API. */
  readonly method: string | null;
  readonly operation: Operation;
  readonly apiKey: string | null;
}

/** An open websocket: which streams it carries and which keys spoke on it. */
export interface SocketScope {
  readonly streams: () => Iterable<string>;
  readonly apiKeys: ReadonlySet<string>;
}

export function isRequestInScope(
  { operation, route, method, account, stream }: FaultScope,
  call: RequestCall,
): boolean {
  return (
    stream === null &&
    (operation === null || operation === call.operation) &&
    (method === null || method === call.method) &&
    (account === null || account === call.apiKey) &&
    (route === null || startsWithSegments(call.route, route))
  );
}

/** What a copy of the books answers that may lie behind: own orders and own fills. */
const staleReads: ReadonlySet<string> = new Set([
  'GET /api/v3/order',
  'GET /api/v3/openOrders',
  'GET /api/v3/allOrders',
  'GET /api/v3/myTrades',
  'order.status',
  'openOrders.status',
  'allOrders',
  'myTrades',
]);

export const isStaleRead = ({ method, route }: RequestCall): boolean =>
  staleReads.has(method === null ? route : `${method} ${route}`);

export function isSocketInScope(scope: FaultScope, socket: SocketScope): boolean {
  if (scope.account !== null && !socket.apiKeys.has(scope.account)) return false;
  if (scope.stream === null) return true;
  for (const name of socket.streams()) if (name.startsWith(scope.stream)) return true;
  return false;
}

export const isEventInScope = (scope: FaultScope, socket: SocketScope, stream: string): boolean =>
  (scope.stream === null || stream.startsWith(scope.stream)) &&
  (scope.account === null || socket.apiKeys.has(scope.account));

/** `/api/v3/order` starts `/api/v3/order/test`, but not `/api/v3/orderList`. */
function startsWithSegments(route: string, start: string): boolean {
  if (!route.startsWith(start)) return false;
  const next = route[start.length];
  return next === undefined || next === '/' || next === '.' || start.endsWith('/') || start.endsWith('.');
}

const placing: ReadonlySet<string> = new Set([
  'POST /api/v3/order',
  'POST /api/v3/order/cancelReplace',
  'order.place',
  'order.cancelReplace',
]);
const cancelling: ReadonlySet<string> = new Set([
  'DELETE /api/v3/order',
  'DELETE /api/v3/openOrders',
  'order.cancel',
  'openOrders.cancelAll',
]);

/** `name` is `POST /api/v3/order` over HTTP and `order.place` on the websocket API. */
export function operationOf(name: string): Operation {
  if (placing.has(name)) return 'place';
  return cancelling.has(name) ? 'cancel' : 'read';
}
