import { type ClientOrderId, type Fill, type Order, type OrderEvent, Quantity } from '@scalpstorm/model';
import type { OrderReport, PlaceOutcome, VenueFill, VenueOrderView } from '@scalpstorm/venue-api';

/** A fill that names our order, whatever the venue named. */
export function ourFill(fill: VenueFill, clientOrderId: ClientOrderId): Fill {
  return { ...fill, clientOrderId };
}

/** What an answer to a placement says happened to the order. */
export function eventsOfOutcome(outcome: PlaceOutcome, clientOrderId: ClientOrderId): readonly OrderEvent[] {
  switch (outcome.kind) {
    case 'accepted':
      return [
        { kind: 'accepted', venueOrderId: outcome.venueOrderId },
        ...triggeringOf(outcome.order),
        ...outcome.fills.map((fill): OrderEvent => ({ kind: 'filled', fill: ourFill(fill, clientOrderId) })),
        ...endingOf(outcome.order),
      ];
    case 'rejected':
      // A rule of the venue that the adapter knows has a code of its own, the same as where the gate finds it.
      return [{ kind: 'rejected', reason: { code: outcome.filter?.code ?? outcome.code, text: outcome.text } }];
    case 'unknown':
      return [{ kind: 'outcome-unknown', reason: { code: outcome.code, text: outcome.text } }];
  }
}

/** What the user stream says happened to the order; fills come by themselves. */
export function eventsOfReport(report: OrderReport): readonly OrderEvent[] {
  const reason = {
    code: `VENUE_${report.kind.toUpperCase()}`,
    text: report.reason?.text ?? `the venue says ${report.kind}`,
  };
  const taken = { kind: 'accepted', venueOrderId: report.order.venueOrderId } as const;
  switch (report.kind) {
    case 'rejected':
      return [{ kind: 'rejected', reason }];
    case 'accepted':
      return [taken];
    case 'triggered':
      return [taken, { kind: 'triggered' }];
    // Nobody may have heard that the venue took it, and an end that has to wait for its fills is found by the venue's id alone where the
    // venue keeps none of ours.
    case 'canceled':
      return [taken, { kind: 'canceled', reason }];
    case 'expired':
      return [taken, { kind: 'expired', reason }];
  }
}

/** What a look-up proves about an order that we know, its fills apart. */
export function eventsOfView(view: VenueOrderView): readonly OrderEvent[] {
  if (view.status === 'rejected') return endingOf(view);
  return [{ kind: 'accepted', venueOrderId: view.venueOrderId }, ...triggeringOf(view), ...endingOf(view)];
}

const triggeringOf = ({ triggered }: VenueOrderView): readonly OrderEvent[] =>
  triggered === true ? [{ kind: 'triggered' }] : [];

/** How much of a view is not booked yet, for people. */
export function missingText(order: Order, view: VenueOrderView): string {
  return `${Quantity.format(order.filledQuantity)} booked, ${Quantity.format(view.filledQuantity)} at the venue`;
}

/** The end that a view tells; nothing while the order works, or when it was filled: only its fills end it then. */
export function endingOf(view: VenueOrderView): readonly OrderEvent[] {
  const reason = { code: `VENUE_${view.status.toUpperCase()}`, text: `the venue says ${view.status}` };
  switch (view.status) {
    case 'canceled':
      return [{ kind: 'canceled', reason }];
    case 'rejected':
      return [{ kind: 'rejected', reason }];
    case 'expired':
      return [{ kind: 'expired', reason }];
    case 'open':
    case 'partially-filled':
    case 'filled':
      return [];
  }
}
