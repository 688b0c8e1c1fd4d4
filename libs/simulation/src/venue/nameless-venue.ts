import type { ClientOrderId, InstrumentId, OrderRequest } from '@scalpstorm/model';
import type { ExecutionListener, ExecutionVenue, PlacedOrder, VenueFill, VenueOrderView } from '@scalpstorm/venue-api';
import { wrapped } from '../mutants/wrapped.js';
import { type VenueBooks } from './venue-books.js';
import { viewOf } from './venue-order.js';

/** What such a venue tells where another one tells our id. */
const noId = '' as ClientOrderId;
const nameless = <View extends VenueOrderView>(view: View): View => ({ ...view, clientOrderId: noId });
const namelessFill = (fill: VenueFill): VenueFill => ({ ...fill, clientOrderId: null });

/** The same connection to a venue that keeps no ids of whoever places an order, only the bot's as a tag: its own ids name its orders. */
export function namelessVenue(venue: ExecutionVenue, books: VenueBooks): ExecutionVenue {
  const ordersSince = async (instrumentId: InstrumentId, since: number) => {
    const listed = await venue.ordersFrom(instrumentId, null);
    return listed.flatMap((view): PlacedOrder[] => {
      const order = books.orders.find((one) => viewOf(one).venueOrderId === view.venueOrderId);
      if (order === undefined || order.placedAt < since) return [];
      return [{ ...nameless(view), placedAt: order.placedAt, tag: order.request.botId }];
    });
  };
  return wrapped<ExecutionVenue>(venue, {
    identifiesBy: 'content',
    tagOf: ({ botId }: OrderRequest) => botId,
    open: (listener) => venue.open({ ...listener, ...namelessNews(listener) }),
    place: async (request, options) => {
      const outcome = await venue.place(request, options);
      if (outcome.kind !== 'accepted') return outcome;
      return { ...outcome, order: nameless(outcome.order), fills: outcome.fills.map(namelessFill) };
    },
    cancel: async ({ instrumentId, venueOrderId }) => {
      const order = books.orders.find((one) => viewOf(one).venueOrderId === venueOrderId);
      if (order === undefined) return { kind: 'not-found' };
      const outcome = await venue.cancel({ instrumentId, clientOrderId: order.request.clientOrderId });
      return outcome.kind === 'canceled' ? { ...outcome, order: nameless(outcome.order) } : outcome;
    },
    lookup: async (_clientOrderId, instrumentId, venueOrderId) => {
      const view = await venue.lookup(noId, instrumentId, venueOrderId);
      return view === 'not-found' ? view : nameless(view);
    },
    openOrders: async (...asked) => (await venue.openOrders(...asked)).map(nameless),
    ordersFrom: async (...asked) => (await venue.ordersFrom(...asked)).map(nameless),
    ordersSince,
    fillsSince: async (...asked) => (await venue.fillsSince(...asked)).map(namelessFill),
  });
}

function namelessNews(listener: ExecutionListener): Partial<ExecutionListener> {
  return {
    onOrderReport: (report) => listener.onOrderReport({ ...report, order: nameless(report.order) }),
    onFill: (fill, order) => listener.onFill(namelessFill(fill), nameless(order)),
  };
}
