import type { ExternalOrder, ReconciliationAnswer, ReconciliationRequest } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, InstrumentId, Price, Quantity, VenueOrderId } from '@scalpstorm/model';

const at = Timestamp.fromMicros(1_700_000_000_000_000);
const order: ExternalOrder = {
  id: 1n,
  accountId: AccountId.of('demo'),
  instrumentId: InstrumentId.of('sim', 'BTC-USDT'),
  venueOrderId: VenueOrderId.of('4711'),
  clientOrderId: 'web_1',
  side: 'buy',
  quantity: Quantity.of('0.5'),
  filledQuantity: Quantity.zero,
  price: Price.of('60000'),
  working: true,
  seenAt: at,
  decision: null,
  outcome: '',
};

/** Three differences and one order that nobody placed here; whatever is decided is done. */
export function playedReconciliation(request: ReconciliationRequest): ReconciliationAnswer {
  const [accountId = AccountId.of('demo')] = request.accountIds;
  const difference = {
    kind: 'order' as const,
    accountId,
    subject: 'sim:BTC-USDT order s00000001N000000000',
    ours: 'accepted',
    theirs: 'canceled',
    decision: 'taken over from the venue: canceled',
    repaired: true,
  };
  const nothing = { states: [], differences: [], history: [], externalOrders: [] };
  const states = [{ accountId, kind: 'trading' as const, code: '', text: '', circuit: 'closed' as const }];
  const mine = { ...order, accountId };
  switch (request.kind) {
    case 'states':
      return { ok: true, value: { ...nothing, states } };
    case 'compare':
      return { ok: true, value: { ...nothing, states, differences: [{ ...difference, repaired: false }] } };
    case 'differences': {
      const ids = [3n, 2n, 1n].filter((id) => request.before === null || id < request.before);
      const history = ids
        .slice(0, request.limit)
        .map((id) => ({ id, foundAt: at, trigger: 'timer' as const, difference }));
      return { ok: true, value: { ...nothing, history } };
    }
    case 'external-orders':
      return { ok: true, value: { ...nothing, externalOrders: [mine] } };
    case 'decide': {
      const decision = { kind: request.decision, by: request.userId, at };
      return { ok: true, value: { ...nothing, externalOrders: [{ ...mine, decision, outcome: 'done' }] } };
    }
  }
}
