import type { ClientOrderId, InstrumentId, Order, VenueOrderId } from '@scalpstorm/model';

export interface NotIdentified {
  /** `ORDER_NOT_SETTLED`: it is told some seconds later. `ORDER_AMBIGUOUS`: only its end or a person tells. */
  readonly code: 'ORDER_NOT_SETTLED' | 'ORDER_AMBIGUOUS';
  readonly instrumentId: InstrumentId;
  readonly clientOrderId: ClientOrderId;
  /** Of the venue's orders those that may be it. */
  readonly candidates: readonly VenueOrderId[];
}

/** A venue that keeps no id of ours has orders that may be the one that was asked for: it is neither found nor proved absent. */
export class OrderNotIdentified extends Error {
  override readonly name = 'OrderNotIdentified';

  constructor(readonly about: NotIdentified) {
    super(`${about.code}: order ${about.clientOrderId} may be ${about.candidates.join(', ')} at the venue`);
  }
}

/** For `catch`: it as a value, and everything else thrown on. */
export function notIdentified(cause: unknown): OrderNotIdentified {
  if (cause instanceof OrderNotIdentified) return cause;
  throw cause;
}

/** Null: it is told some seconds later, and nobody has to be told. */
export function ambiguityOf({ request, status }: Order, { about }: OrderNotIdentified) {
  if (about.code !== 'ORDER_AMBIGUOUS') return null;
  return {
    subject: `${request.instrumentId} order ${request.clientOrderId}`,
    ours: status,
    theirs: `may be any of ${about.candidates.join(', ')}`,
    decision: `${about.code}: ${ambiguousText}`,
  };
}

const ambiguousText =
  'the venue keeps no ids, and these orders can not be told from ours. Its risk stays reserved and nothing is sent again; of those that ' +
  'work, adopt the ones that are not ours (external orders), or cancel them all: what is over settles it';
