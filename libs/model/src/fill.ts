import type { Timestamp } from '@scalpstorm/kernel';
import type { ClientOrderId, InstrumentId, TradeId, VenueOrderId } from './ids.js';
import type { Money } from './money.js';
import type { Price } from './price.js';
import type { Quantity } from './quantity.js';
import type { Side } from './side.js';

/** One execution of an order, as the venue reported it. `tradeId` with the instrument is its identity. */
export interface Fill {
  readonly tradeId: TradeId;
  readonly clientOrderId: ClientOrderId;
  readonly venueOrderId: VenueOrderId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly price: Price;
  readonly quantity: Quantity;
  /** What the venue kept; on spot in the base currency for a buy, in the quote for a sell, or in a third asset. */
  readonly fee: Money;
  readonly liquidity: 'maker' | 'taker';
  readonly occurredAt: Timestamp;
}
