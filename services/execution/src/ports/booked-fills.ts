import type { AccountId, InstrumentId, TradeId } from '@scalpstorm/model';

/** Which trades of a venue are in the books. */
export abstract class BookedFills {
  abstract among(
    accountId: AccountId,
    instrumentId: InstrumentId,
    tradeIds: readonly TradeId[],
  ): Promise<ReadonlySet<TradeId>>;
}
