import { describe, expect, it } from '@jest/globals';
import { Quantity, VenueOrderId } from '@scalpstorm/model';
import { aFill, anOrder } from '@scalpstorm/testkit';
import type { OrderReport, VenueFill, VenueOrderStatus, VenueOrderView } from '@scalpstorm/venue-api';
import { eventsOfOutcome, eventsOfReport, eventsOfView } from './venue-events.js';

const order = anOrder();
const id = order.request.clientOrderId;
const fill: VenueFill = { ...aFill(), clientOrderId: null };

function view(status: VenueOrderStatus, filledQuantity = Quantity.zero): VenueOrderView {
  const { clientOrderId, instrumentId, side, type, price, quantity } = order.request;
  const venueOrderId = VenueOrderId.of('v1');
  const updatedAt = order.updatedAt;
  return { clientOrderId, instrumentId, side, type, price, quantity, venueOrderId, updatedAt, filledQuantity, status };
}

const kinds = (events: readonly { readonly kind: string }[]) => events.map(({ kind }) => kind);

describe('what the venue says', () => {
  it.each<[VenueOrderStatus, string[]]>([
    ['open', ['accepted', 'filled']],
    ['filled', ['accepted', 'filled']],
    ['expired', ['accepted', 'filled', 'expired']],
    ['canceled', ['accepted', 'filled', 'canceled']],
  ])('an accepted order that is %s at once', (status, expected) => {
    const outcome = {
      kind: 'accepted',
      venueOrderId: VenueOrderId.of('v1'),
      order: view(status),
      fills: [fill],
    } as const;
    expect(kinds(eventsOfOutcome(outcome, id))).toEqual(expected);
  });

  it('gives a fill our id, whatever the venue named', () => {
    const outcome = {
      kind: 'accepted',
      venueOrderId: VenueOrderId.of('v1'),
      order: view('open'),
      fills: [fill],
    } as const;
    expect(eventsOfOutcome(outcome, id)[1]).toMatchObject({ fill: { clientOrderId: id } });
  });

  it('names the rule of the venue that an order broke before it was sent, else what the venue refused it for', () => {
    const filter = { code: 'PRICE_OUT_OF_BAND', field: 'price', value: '9', limit: '1..5', suggestion: '4.9' } as const;
    const refused = { kind: 'rejected', code: 'FILTER_FAILURE', text: 'why', retryable: true } as const;
    expect([{ ...refused, filter }, refused].map((outcome) => eventsOfOutcome(outcome, id))).toEqual([
      [{ kind: 'rejected', reason: { code: 'PRICE_OUT_OF_BAND', text: 'why' } }],
      [{ kind: 'rejected', reason: { code: 'FILTER_FAILURE', text: 'why' } }],
    ]);
  });

  it('never turns an unknown outcome into a rejection', () => {
    expect(eventsOfOutcome({ kind: 'unknown', code: 'TIMEOUT', text: 'late' }, id)).toEqual([
      { kind: 'outcome-unknown', reason: { code: 'TIMEOUT', text: 'late' } },
    ]);
  });

  it.each<[OrderReport['kind'], string]>([
    ['accepted', 'accepted'],
    ['canceled', 'canceled'],
    ['rejected', 'rejected'],
    ['expired', 'expired'],
  ])('a report %s is the event %s, with a code that counts as proof', (kind, expected) => {
    const report = { kind, order: view('open'), reason: null, occurredAt: order.updatedAt };
    const event = eventsOfReport(report).at(-1);
    expect(event?.kind).toBe(expected);
    if (kind !== 'accepted') expect(event).toMatchObject({ reason: { code: `VENUE_${kind.toUpperCase()}` } });
  });

  it.each<OrderReport['kind']>(['accepted', 'triggered', 'canceled', 'expired'])(
    'a report %s teaches the venue’s id',
    (kind) => {
      const report = { kind, order: view('open'), reason: null, occurredAt: order.updatedAt };
      expect(eventsOfReport(report)[0]).toEqual({ kind: 'accepted', venueOrderId: VenueOrderId.of('v1') });
    },
  );

  it.each<[VenueOrderStatus, string[]]>([
    ['open', ['accepted']],
    ['partially-filled', ['accepted']],
    ['filled', ['accepted']],
    ['canceled', ['accepted', 'canceled']],
    ['expired', ['accepted', 'expired']],
    ['rejected', ['rejected']],
  ])('a looked-up order that is %s', (status, expected) => {
    expect(kinds(eventsOfView(view(status)))).toEqual(expected);
  });
});
