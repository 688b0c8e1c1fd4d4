import { assert } from '@scalpstorm/kernel';
import { Currency, type Fill, type OrderEvent, orderEventKinds, Price, Quantity } from '@scalpstorm/model';

/** An event as `order_events` keeps it: JSON, exact amounts as texts of their units. */
export type EventBody = { readonly kind: string; readonly fill?: FillBody } & Readonly<Record<string, unknown>>;

interface FillBody extends Omit<Fill, 'price' | 'quantity' | 'fee'> {
  readonly price: string;
  readonly quantity: string;
  readonly fee: { readonly amount: string; readonly currency: string };
}

export function eventFromBody(body: EventBody): OrderEvent {
  assert((orderEventKinds as readonly string[]).includes(body.kind), `not an event of an order: ${body.kind}`);
  if (body.kind !== 'filled') return body as OrderEvent;
  assert(body.fill !== undefined, 'a fill event without its fill');
  const { price, quantity, fee } = body.fill;
  return {
    kind: 'filled',
    fill: {
      ...body.fill,
      price: Price.fromUnits(BigInt(price)),
      quantity: Quantity.fromUnits(BigInt(quantity)),
      fee: { amount: BigInt(fee.amount), currency: Currency.of(fee.currency) },
    },
  };
}
