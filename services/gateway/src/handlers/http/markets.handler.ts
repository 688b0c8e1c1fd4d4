import { Controller } from '@nestjs/common';
import { Markets } from '../../use-cases/markets.js';
import { whole } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

@Controller()
export class MarketsHandler {
  constructor(private readonly markets: Markets) {}

  @Serves(routes.listCandles)
  async candles(@Asked() call: Call<typeof routes.listCandles>): Promise<ReplyOf<typeof routes.listCandles>> {
    const { instrument, timeframe, limit } = call.query;
    return whole(await this.markets.candles(instrument, timeframe, limit));
  }

  @Serves(routes.listPrices)
  prices(): ReplyOf<typeof routes.listPrices> {
    return whole(this.markets.prices());
  }
}
