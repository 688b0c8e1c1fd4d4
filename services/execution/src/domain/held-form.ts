import type { OrderRequest } from '@scalpstorm/model';
import type { ExecutionVenue, Lack } from '@scalpstorm/venue-api';

export type Form =
  | {
      readonly kind: 'held';
      /** What is sent: the request less what we hold ourselves. */
      readonly request: OrderRequest;
      /** Its trigger is ours to watch: until it is reached nothing is sent. */
      readonly waits: boolean;
    }
  /** Neither the venue nor we can hold it. */
  | { readonly kind: 'not-held'; readonly lack: Lack };

/**
 * What of an order goes to the venue, and what execution holds in its stead: a trigger that the venue can not watch is watched here,
 * an expiry that it does not know is kept here.
 */
export function heldForm(wanted: OrderRequest, venue: Pick<ExecutionVenue, 'lackOf'>): Form {
  let request = wanted;
  for (;;) {
    const lack = venue.lackOf(request);
    if (lack === null) return { kind: 'held', request, waits: request.trigger !== wanted.trigger };
    if (lack === 'expiry') request = withoutExpiry(request);
    else if (lack === 'iceberg') return { kind: 'not-held', lack };
    else request = withoutTrigger(request);
  }
}

function withoutExpiry({ expiresAt: _ours, ...request }: OrderRequest): OrderRequest {
  return { ...request, timeInForce: 'GTC' };
}

export const withoutTrigger = ({ trigger: _ours, ...request }: OrderRequest): OrderRequest => request;
