import { assert, Timestamp } from '@scalpstorm/kernel';
import {
  ClientOrderId,
  type Fill,
  type InstrumentId,
  Money,
  Price,
  Quantity,
  type Side,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';

/** A row of `fills`. Amounts are decimal texts. */
export interface FillRow {
  readonly instrument_id: string;
  readonly trade_id: string;
  readonly client_order_id: string;
  readonly venue_order_id: string;
  readonly side: string;
  readonly price: string;
  readonly quantity: string;
  readonly fee: string;
  readonly fee_currency: string;
  readonly liquidity: string;
  readonly occurred_at_us: string | bigint;
}

export function fillFromRow(row: FillRow): Fill {
  const micros = Number(row.occurred_at_us);
  assert(Number.isSafeInteger(micros), `not a timestamp: ${row.occurred_at_us}`);
  return {
    tradeId: TradeId.of(row.trade_id),
    clientOrderId: ClientOrderId.of(row.client_order_id),
    venueOrderId: VenueOrderId.of(row.venue_order_id),
    instrumentId: row.instrument_id as InstrumentId,
    side: row.side as Side,
    price: Price.of(row.price),
    quantity: Quantity.of(row.quantity),
    fee: Money.of(row.fee, row.fee_currency),
    liquidity: row.liquidity as Fill['liquidity'],
    occurredAt: Timestamp.fromMicros(micros),
  };
}

export const rowFromFill = (accountId: string, fill: Fill) => ({
  account_id: accountId,
  instrument_id: fill.instrumentId,
  trade_id: fill.tradeId,
  client_order_id: fill.clientOrderId,
  venue_order_id: fill.venueOrderId,
  side: fill.side,
  price: Price.format(fill.price),
  quantity: Quantity.format(fill.quantity),
  fee: Money.format(fill.fee),
  fee_currency: fill.fee.currency,
  liquidity: fill.liquidity,
  occurred_at_us: fill.occurredAt,
});
