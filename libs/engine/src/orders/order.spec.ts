import { describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import {
  type Fill,
  isFinal,
  Money,
  type Order,
  type OrderEvent,
  type OrderStatus,
  orderEventKinds,
  orderStatuses,
  Price,
  Quantity,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import fc from 'fast-check';
import { at, exampleFill, exampleRequest, usdt } from '../testing.js';
import { applyOrderEvent, createOrder } from './order.js';
import { transitions } from './transitions.js';

const none: ReadonlySet<TradeId> = new Set();
const proof = { code: 'VENUE_SAID', text: 'the venue says so' };

function event(kind: OrderEvent['kind'], fill: Fill = exampleFill({ quantity: Quantity.of('0.4') })): OrderEvent {
  switch (kind) {
    case 'denied':
    case 'rejected':
    case 'outcome-unknown':
    case 'cancel-rejected':
    case 'end-held':
    case 'canceled':
    case 'expired':
      return { kind, reason: proof };
    case 'sending':
      return { kind, attempt: 0, expiresAt: at(5) };
    case 'accepted':
      return { kind, venueOrderId: VenueOrderId.of('v1') };
    case 'filled':
      return { kind, fill };
    case 'cancel-requested':
      return { kind, cancelReason: 'stop' };
    case 'emulated':
    case 'released':
    case 'submitted':
    case 'triggered':
      return { kind };
  }
}

function orderIn(status: OrderStatus, statusBefore: OrderStatus | null = null): Order {
  const before = status === 'pending-cancel' || status === 'pending-update' ? (statusBefore ?? 'accepted') : null;
  return { ...createOrder(exampleRequest(), usdt, at(0)), status, statusBefore: before };
}

function after(order: Order, ...kinds: OrderEvent['kind'][]): Order {
  return kinds.reduce((state, kind) => unwrap(applyOrderEvent(state, event(kind), at(2), none)), order);
}

/** What applying the event to an order of this status gives, in one word. */
function outcome(status: OrderStatus, kind: OrderEvent['kind']): string {
  const before = orderIn(status);
  const result = applyOrderEvent(before, event(kind), at(2), none);
  if (!result.ok) return result.error.kind === 'nothing-new' ? '=' : '-';
  const { value } = result;
  return value.statusBefore === null ? value.status : `${value.status}/${value.statusBefore}`;
}

describe('the life of an order', () => {
  it('is this table (- illegal, = nothing new, a/b pending over b)', () => {
    const rows = orderStatuses.map((status) => {
      const cells = orderEventKinds.map((kind) => [kind, outcome(status, kind)] as const);
      const legal = cells.filter(([, cell]) => cell !== '-').map(([kind, cell]) => `${kind} ${cell}`);
      return `${status}: ${legal.join(', ')}`;
    });
    expect(rows.join('\n')).toMatchInlineSnapshot(`
"initialized: denied denied, emulated emulated, released released, sending sending, cancel-requested pending-cancel/initialized, canceled canceled, expired expired
denied: denied =, cancel-requested =
emulated: denied denied, emulated =, released released, cancel-requested pending-cancel/emulated, canceled canceled, expired expired
released: denied denied, sending sending, cancel-requested pending-cancel/released, canceled canceled, expired expired
sending: sending sending, submitted submitted, accepted accepted, triggered triggered, rejected rejected, outcome-unknown unknown, filled partially-filled, cancel-requested pending-cancel/sending, cancel-rejected =, end-held pending-cancel/accepted, canceled canceled, expired expired
submitted: submitted =, accepted accepted, triggered triggered, rejected rejected, outcome-unknown unknown, filled partially-filled, cancel-requested pending-cancel/submitted, cancel-rejected =, end-held pending-cancel/accepted, canceled canceled, expired expired
accepted: submitted =, accepted =, triggered triggered, rejected rejected, outcome-unknown =, filled partially-filled, cancel-requested pending-cancel/accepted, cancel-rejected =, end-held pending-cancel/accepted, canceled canceled, expired expired
triggered: submitted =, accepted =, triggered =, rejected rejected, outcome-unknown =, filled partially-filled, cancel-requested pending-cancel/triggered, cancel-rejected =, end-held pending-cancel/triggered, canceled canceled, expired expired
partially-filled: submitted =, accepted =, triggered =, rejected rejected, outcome-unknown =, filled partially-filled, cancel-requested pending-cancel/partially-filled, cancel-rejected =, end-held pending-cancel/partially-filled, canceled canceled, expired expired
pending-update: submitted =, accepted =, triggered pending-update/triggered, rejected rejected, outcome-unknown =, filled pending-update/partially-filled, cancel-requested pending-cancel/accepted, cancel-rejected accepted, end-held pending-cancel/accepted, canceled canceled, expired expired
pending-cancel: submitted =, accepted =, triggered pending-cancel/triggered, rejected rejected, outcome-unknown =, filled pending-cancel/partially-filled, cancel-requested pending-cancel/accepted, cancel-rejected accepted, end-held pending-cancel/accepted, canceled canceled, expired expired
unknown: sending sending, submitted =, accepted accepted, triggered triggered, rejected rejected, outcome-unknown =, filled partially-filled, cancel-requested pending-cancel/unknown, cancel-rejected =, end-held pending-cancel/accepted, canceled canceled, expired expired
filled: submitted =, accepted =, triggered =, outcome-unknown =, filled filled, cancel-requested =, cancel-rejected =, end-held =
canceled: submitted =, accepted =, triggered =, outcome-unknown =, filled canceled, cancel-requested =, cancel-rejected =, end-held =, canceled =
rejected: submitted =, accepted =, triggered =, rejected =, outcome-unknown =, filled rejected, cancel-requested =, cancel-rejected =, end-held =
expired: submitted =, accepted =, triggered =, outcome-unknown =, filled expired, cancel-requested =, cancel-rejected =, end-held =, expired ="
`);
  });

  it.each(orderStatuses.flatMap((status) => orderEventKinds.map((kind) => [status, kind] as const)))(
    'in %s the event %s does what the table says, and an illegal one is named',
    (status, kind) => {
      const before = orderIn(status);
      const step = transitions[status][kind];
      const result = applyOrderEvent(before, event(kind), at(2), none);
      if (step === undefined) {
        expect(result).toEqual({ ok: false, error: { kind: 'illegal-transition', status, event: kind } });
      } else if (step === 'same' || (step === 'beneath' && transitions.accepted[kind] === 'same')) {
        expect(result).toEqual({ ok: false, error: { kind: 'nothing-new', status, event: kind } });
      } else {
        expect(result.ok && result.value.version).toBe(before.version + 1);
        expect(result.ok && result.value.updatedAt).toBe(at(2));
      }
    },
  );

  it('takes a fill that arrives before the acceptance', () => {
    const order = after(orderIn('sending'), 'filled');
    expect(order.status).toBe('partially-filled');
    expect(order.venueOrderId).toBe('v1');
    expect(applyOrderEvent(order, event('accepted'), at(3), none)).toMatchObject({ error: { kind: 'nothing-new' } });
  });

  it('takes a late acceptance after an unknown outcome', () => {
    expect(after(orderIn('sending'), 'outcome-unknown', 'accepted').status).toBe('accepted');
  });

  it.each(['rejected', 'canceled', 'expired'] as const)('does not turn unknown into %s without proof', (kind) => {
    const guess: OrderEvent = { kind, reason: { code: 'TIMEOUT', text: 'no answer' } };
    for (const order of [orderIn('unknown'), orderIn('pending-cancel', 'unknown')]) {
      expect(applyOrderEvent(order, guess, at(2), none)).toMatchObject({
        error: { kind: 'unproven-outcome', code: 'TIMEOUT' },
      });
      expect(unwrap(applyOrderEvent(order, event(kind), at(2), none)).status).toBe(kind);
    }
    const searched: OrderEvent = { kind, reason: { code: 'NOT_FOUND_AFTER_EXPIRY', text: 'absent' } };
    expect(unwrap(applyOrderEvent(orderIn('unknown'), searched, at(2), none)).status).toBe(kind);
  });

  it('applies a late fill to a canceled order without calling it alive', () => {
    const order = after(orderIn('canceled'), 'filled');
    expect(order).toMatchObject({ status: 'canceled', filledQuantity: Quantity.of('0.4') });
    const rest = exampleFill({ tradeId: TradeId.of('t2'), quantity: Quantity.of('0.6') });
    expect(unwrap(applyOrderEvent(order, event('filled', rest), at(3), none)).status).toBe('filled');
  });

  it('returns to the state beneath when a cancel is refused, and keeps what happened meanwhile', () => {
    const pending = after(orderIn('accepted'), 'cancel-requested', 'filled');
    expect(pending).toMatchObject({
      status: 'pending-cancel',
      statusBefore: 'partially-filled',
      cancelReason: 'stop',
    });
    expect(after(pending, 'cancel-rejected')).toMatchObject({ status: 'partially-filled', statusBefore: null });
  });

  it('forgets why it was to be canceled when the cancel is refused: a later cancel is somebody else’s', () => {
    const refused = after(orderIn('accepted'), 'cancel-requested', 'cancel-rejected');
    expect(refused).toMatchObject({ status: 'accepted', cancelReason: null, reason: proof });
    expect(after(refused, 'canceled')).toMatchObject({ status: 'canceled', cancelReason: null });
    expect(after(refused, 'cancel-requested', 'canceled')).toMatchObject({ status: 'canceled', cancelReason: 'stop' });
  });

  it('keeps doubt under a pending cancel', () => {
    const pending = after(orderIn('sending'), 'cancel-requested', 'outcome-unknown');
    expect(pending).toMatchObject({ status: 'pending-cancel', statusBefore: 'unknown' });
    expect(after(pending, 'accepted')).toMatchObject({ status: 'pending-cancel', statusBefore: 'accepted' });
  });

  it('accepts a repeated wish to cancel and keeps the state beneath', () => {
    const pending = after(orderIn('accepted'), 'cancel-requested', 'cancel-requested');
    expect(pending).toMatchObject({ status: 'pending-cancel', statusBefore: 'accepted', version: 2 });
  });

  it('names a fill that was applied before', () => {
    const known = new Set([TradeId.of('t1')]);
    expect(applyOrderEvent(orderIn('accepted'), event('filled'), at(2), known)).toEqual({
      ok: false,
      error: { kind: 'duplicate-fill', tradeId: 't1' },
    });
  });

  it('returns an overfill with its numbers and leaves the order as it was', () => {
    const order = after(orderIn('accepted'), 'filled');
    const second = exampleFill({ tradeId: TradeId.of('t2'), quantity: Quantity.of('0.7') });
    expect(applyOrderEvent(order, event('filled', second), at(2), none)).toEqual({
      ok: false,
      error: {
        kind: 'overfill',
        tradeId: 't2',
        quantity: Quantity.of('1'),
        filledQuantity: Quantity.of('0.4'),
        fillQuantity: Quantity.of('0.7'),
        excess: Quantity.of('0.1'),
      },
    });
  });

  it('refuses a fill of another side, another order or no quantity', () => {
    const wrong = [{ side: 'sell' }, { quantity: Quantity.zero }, { price: Price.of('-1') }] as const;
    for (const changes of wrong) {
      expect(applyOrderEvent(orderIn('accepted'), event('filled', exampleFill(changes)), at(2), none)).toMatchObject({
        error: { kind: 'fill-mismatch', field: Object.keys(changes)[0] },
      });
    }
  });

  it('adds fees a currency and the exact notional', () => {
    const first = exampleFill({ price: Price.of('61800.11'), quantity: Quantity.of('0.00003') });
    const fills: Fill[] = [
      { ...first, fee: Money.of('0.00000003', 'BTC') },
      { ...first, tradeId: TradeId.of('t2'), fee: Money.of('0.0018540033', 'USDT') },
      { ...first, tradeId: TradeId.of('t3'), fee: Money.of('0.00000003', 'BTC') },
    ];
    const order = fills.reduce(
      (state, fill) => unwrap(applyOrderEvent(state, { kind: 'filled', fill }, at(2), none)),
      orderIn('accepted'),
    );
    expect(order.fees).toEqual([Money.of('0.00000006', 'BTC'), Money.of('0.0018540033', 'USDT')]);
    expect(order.filledNotional).toEqual(Money.of('5.5620099', 'USDT'));
  });
});

const anyEvent: fc.Arbitrary<OrderEvent> = fc
  .tuple(fc.constantFrom(...orderEventKinds), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 60 }))
  .map(([kind, trade, hundredths]) =>
    event(
      kind,
      exampleFill({ tradeId: TradeId.of(`t${trade}`), quantity: Quantity.fromUnits(BigInt(hundredths) * 10n ** 10n) }),
    ),
  );

describe('a doubt', () => {
  it('is not told any more once the venue has the order', () => {
    const doubted = after(orderIn('sending'), 'outcome-unknown');
    expect(doubted.reason).toEqual(proof);
    expect(after(doubted, 'accepted').reason).toBeNull();
    expect(after(doubted, 'filled').reason).toBeNull();
  });

  it('of an order that was refused stays the reason', () => {
    expect(after(orderIn('sending'), 'outcome-unknown', 'canceled').reason).toEqual(proof);
  });
});

describe('any sequence of events', () => {
  it('keeps the order’s promises', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40, size: 'max' }), (events) => {
        let order = createOrder(exampleRequest(), usdt, at(0));
        const known = new Set<TradeId>();
        let booked = 0n;
        for (const next of events) {
          const result = applyOrderEvent(order, next, at(1), known);
          if (!result.ok) continue;
          const { value } = result;
          if (next.kind === 'filled') {
            expect(known.has(next.fill.tradeId)).toBe(false);
            known.add(next.fill.tradeId);
            booked += next.fill.quantity;
          }
          expect(value.version).toBe(order.version + 1);
          expect(value.filledQuantity).toBe(booked);
          expect(value.filledQuantity <= value.request.quantity).toBe(true);
          expect(value.status === 'filled').toBe(value.filledQuantity === value.request.quantity);
          expect(value.statusBefore !== null).toBe(value.status === 'pending-cancel');
          if (isFinal(order.status)) expect(next.kind).toBe('filled');
          order = value;
        }
      }),
      { numRuns: 500 },
    );
  });
});
