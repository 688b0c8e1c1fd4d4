import type { ApiCall, Belongings, OperationId } from './api-calls.js';
import { demoAccount, routeOf } from './api-calls.js';
import { plannable } from './fake-plans.js';

/** What of somebody is named elsewhere than in the path. */
export type Named = Pick<Belongings, 'bot' | 'userId'> & { readonly account: string };

const order = { symbol: 'BTC-USDT', side: 'buy', type: 'limit', quantity: '0.001', price: '100' };
type Kind = 'bot' | 'account' | 'user';
const ofScopes = (
  id: OperationId,
  of: (scope: string) => Partial<ApiCall>,
  kinds: readonly Kind[] = ['bot', 'account', 'user'],
) =>
  kinds.map((kind) => {
    const scopeOf = ({ bot, account, userId }: Named) => `${kind}:${{ bot, account, user: userId }[kind]}`;
    return [id, `of a ${kind}`, 404, (named: Named) => ({ ...line(id), ...of(scopeOf(named)) })] as const;
  });
const inQuery = (id: OperationId) =>
  ofScopes(id, (scope) => ({ path: `${routeOf(id).path}?scope=${encodeURIComponent(scope)}` }));
const line = (id: OperationId) => ({ method: routeOf(id).method, path: routeOf(id).path });
const ofAccount = (id: OperationId) =>
  [
    id,
    'of an account',
    404,
    ({ account }: Named) => ({ ...line(id), path: `${line(id).path}?account=${account}` }),
  ] as const;
const atAccount = (id: OperationId, body: object) =>
  [id, 'at an account', 422, ({ account }: Named) => ({ ...line(id), body: { ...body, account } })] as const;

/** Requests that name an object in query or body, with the answer to whoever does not own it. */
export const aimedCalls: readonly (readonly [OperationId, string, 404 | 422, (named: Named) => ApiCall])[] = [
  ...ofScopes('setDeadMan', (scope) => ({ body: { scope, seconds: 60 } })),
  ...inQuery('removeDeadMan'),
  // One each: a user has twenty of them in ten seconds.
  ...ofScopes('halt', (scope) => ({ body: { scope, level: 'cancel', text: 'storm' } }), ['bot']),
  ...ofScopes('release', (scope) => ({ body: { scope } }), ['account']),
  ...ofScopes('setRiskState', (scope) => ({ body: { scope, state: 'halted', text: 'storm' } }), ['user']),
  ...ofScopes('setRiskLimits', (scope) => ({
    body: { scope, limits: { RISK_ORDER_NOTIONAL_MAX: '5' }, text: 'less' },
  })),
  ...inQuery('riskLimits'),
  ...inQuery('haltProof'),
  ofAccount('listDifferences'),
  ofAccount('listExternalOrders'),
  atAccount('placeOrder', order),
  atAccount('createOrderPlan', plannable.oco),
];

export const ofOwner = ({ bot, userId }: Belongings): Named => ({ bot, userId, account: demoAccount });
