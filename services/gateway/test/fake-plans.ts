import { createHash } from 'node:crypto';
import type { OrderPlan, OrderPlanAnswer, OrderPlanRequest } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, InstrumentId, PlanId, type PlanTerms, Price, Quantity, type UserId } from '@scalpstorm/model';

const at = Timestamp.fromMicros(1_700_000_000_000_000);
const stop = { trigger: { kind: 'stop', price: Price.of('90'), source: 'last' }, price: null } as const;
const terms: PlanTerms = {
  kind: 'bracket',
  side: 'buy',
  quantity: Quantity.of('1'),
  entry: { type: 'limit', price: Price.of('100'), timeInForce: 'GTC', trigger: null },
  stop,
  target: { price: Price.of('120'), source: 'last', type: 'limit' },
};

/** The one plan that each user has. */
export const planOf = (userId: UserId): PlanId =>
  PlanId.of(`plan_${createHash('sha256').update(userId).digest('hex').slice(0, 12)}`);

/** As they are posted: what can be planned. */
export const plannable = {
  oco: {
    account: 'demo',
    symbol: 'BTC-USDT',
    kind: 'oco',
    side: 'sell',
    quantity: '1',
    stop: { trigger: { kind: 'stop', price: '90' } },
    target: { price: '120' },
  },
} as const;

/** Everybody has one bracket, and what is planned is taken. */
export function planAnswer(request: OrderPlanRequest): OrderPlanAnswer {
  const { userId } = request;
  const plan: OrderPlan = {
    id: planOf(userId),
    sequence: 1n,
    userId,
    accountId: AccountId.of('spot'),
    mode: 'demo',
    instrumentId: InstrumentId.of('sim', 'BTC-USDT'),
    terms,
    status: 'protecting',
    reason: null,
    orders: [
      {
        clientOrderId: PlanId.childOf({ planId: planOf(userId), leg: 'stop', attempt: 0 }),
        leg: 'stop',
        quantity: Quantity.of('1'),
        filledQuantity: Quantity.zero,
        state: 'working',
        code: null,
      },
    ],
    createdAt: at,
    updatedAt: at,
  };
  if (request.kind === 'create') {
    const { planId: id, accountId, instrumentId } = request;
    const now = Timestamp.fromMillis(Date.now());
    const taken = { id, accountId, instrumentId, terms: request.terms, createdAt: now } as const;
    return { ok: true, value: [{ ...plan, ...taken, status: 'planned', orders: [] }] };
  }
  if (request.kind === 'list') return { ok: true, value: request.before === null ? [plan] : [] };
  if (request.planId === plan.id) return { ok: true, value: [plan] };
  const unknown = { code: 'PLAN_NOT_FOUND', field: '', text: 'there is no such plan', allowed: '', next: '' };
  return { ok: false, refusals: [unknown] };
}
