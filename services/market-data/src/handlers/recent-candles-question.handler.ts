import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type RecentCandlesReply, type RecentCandlesRequest, recentCandlesQuestion } from '@scalpstorm/contracts';
import { FollowMarket } from './follow-market.js';

/** Tells the closed candles that are kept, out of memory alone: nobody waits for a venue or for Redis. */
@Controller()
export class RecentCandlesQuestionHandler {
  constructor(private readonly market: FollowMarket) {}

  @Answers(recentCandlesQuestion)
  async answer({ instrumentId, timeframe }: RecentCandlesRequest): Promise<RecentCandlesReply> {
    return { candles: this.market.follower(instrumentId)?.closedCandles(timeframe) ?? [] };
  }
}
