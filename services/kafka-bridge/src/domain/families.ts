import {
  accountChanged,
  activityLogged,
  botChanged,
  type Contract,
  cancelRequested,
  candleChanged,
  cycleCompleted,
  depthChanged,
  feedStatusChanged,
  type Meta,
  type OrderChanged,
  orderChanged,
  orderDenied,
  orderRequested,
  quoteChanged,
  reconciled,
  type StreamName,
  tradeTicked,
  tradingStateChanged,
} from '@scalpstorm/contracts';

export interface Stamped {
  readonly meta: Meta;
}

/** One kind of event under the name that operators choose it by; each has a topic of its own. */
export interface Family {
  readonly name: string;
  readonly contract: Contract<Stamped>;
  /** Carried unless somebody chooses. */
  readonly byDefault: boolean;
  /** Only some of the contract's events. */
  readonly takes?: (event: Stamped) => boolean;
}

const family = <E extends Stamped>(name: string, contract: Contract<E>): Family => ({
  name,
  contract,
  byDefault: contract.stream !== null,
});

const hasFill = (changed: OrderChanged): boolean => 'fill' in changed.event;

/**
 * Approvals are not among them: only execution may hear one. That an order was approved shows in its first `orders` event, and
 * `verdicts` are the denials. Nor are anchors of the audit: only the gateway may read them.
 */
export const families: readonly Family[] = [
  family('requests', orderRequested),
  family('cancels', cancelRequested),
  family('verdicts', orderDenied),
  family('orders', orderChanged),
  { ...family('fills', orderChanged), takes: (event) => hasFill(event as OrderChanged) },
  family('bots', botChanged),
  family('cycles', cycleCompleted),
  family('accounts', accountChanged),
  family('reconciliations', reconciled),
  family('trading-states', tradingStateChanged),
  family('activity', activityLogged),
  family('trades', tradeTicked),
  family('quotes', quoteChanged),
  family('depth', depthChanged),
  family('candles', candleChanged),
  family('feeds', feedStatusChanged),
];

export const familyNames: readonly string[] = families.map(({ name }) => name);

/** Every stream that holds something to carry; all are read, so that no consumer stays behind because of what was chosen. */
export const carriedStreams: readonly StreamName[] = [
  ...new Set(families.flatMap(({ contract }) => (contract.stream === null ? [] : [contract.stream]))),
];
