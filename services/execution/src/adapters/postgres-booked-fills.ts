import { type AccountId, type InstrumentId, TradeId } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import { BookedFills } from '../ports/booked-fills.js';

export class PostgresBookedFills extends BookedFills {
  constructor(private readonly store: Store) {
    super();
  }

  async among(
    accountId: AccountId,
    instrumentId: InstrumentId,
    tradeIds: readonly TradeId[],
  ): Promise<ReadonlySet<TradeId>> {
    if (tradeIds.length === 0) return new Set();
    const rows = await this.store.sql<{ trade_id: string }[]>`
      select trade_id from fills
       where account_id = ${accountId} and instrument_id = ${instrumentId} and trade_id = any(${[...tradeIds]})`;
    return new Set(rows.map(({ trade_id }) => TradeId.of(trade_id)));
  }
}
