import type { z } from 'zod';
import type { AnyRoute, Route, Tag } from './route.js';
import { noBody, noQuery, nothing } from './schemas.js';

type Parts<P, Q, B, R> = Pick<Route<P, Q, B, R>, 'summary' | 'access' | 'reply'> & Partial<Route<P, Q, B, R>>;
type Empty = Record<string, never>;

const tagOfFirst: Readonly<Record<string, Tag>> = {
  setup: 'sessions',
  auth: 'sessions',
  me: 'sessions',
  users: 'sessions',
  sessions: 'sessions',
  'api-keys': 'sessions',
  stream: 'sessions',
  bots: 'bots',
  strategies: 'bots',
  orders: 'trading',
  'order-plans': 'trading',
  fills: 'trading',
  positions: 'trading',
  balances: 'trading',
  accounts: 'trading',
  activity: 'trading',
  reconciliation: 'trading',
  instruments: 'markets',
  candles: 'markets',
  prices: 'markets',
  'trading-state': 'risk',
  halt: 'risk',
  release: 'risk',
  risk: 'risk',
  'dead-man': 'risk',
  'venue-accounts': 'venue accounts',
  'venue-offers': 'venue accounts',
  notifications: 'notifications',
  backtests: 'research',
  certificates: 'research',
  optimisations: 'research',
};
const tagOf = (path: string): Tag => tagOfFirst[path.split('/')[2] ?? ''] ?? 'meta';

function on(method: AnyRoute['method']) {
  return <P = Empty, Q = Empty, B = Empty, R = unknown>(path: string, parts: Parts<P, Q, B, R>): Route<P, Q, B, R> => ({
    method,
    path,
    params: nothing as unknown as z.ZodType<P>,
    query: noQuery as unknown as z.ZodType<Q>,
    body: (method === 'GET' ? nothing : noBody) as unknown as z.ZodType<B>,
    status: 200,
    idempotent: method !== 'GET',
    personOnly: false,
    secretBody: false,
    secretReply: false,
    ifMatch: false,
    audited: method !== 'GET' && tagOf(path) === 'risk' ? { kind: 'risk-command' } : null,
    tag: tagOf(path),
    ...parts,
  });
}
export const get = on('GET');
export const post = on('POST');
export const put = on('PUT');
export const patch = on('PATCH');
export const remove = on('DELETE');

/** These open the door, so neither they nor their answers are kept for a repeat: whoever repeats one gets another session. */
export const secret = { idempotent: false } as const;
/** Not for keys of programs. */
export const person = { personOnly: true } as const;
/** A repeat is answered like the first, but nothing of the body is written down. */
export const sealed = { secretBody: true, personOnly: true } as const;
/** Makes a secret that is shown once, to a person. */
export const shownOnce = { secretBody: true, secretReply: true, personOnly: true } as const;
