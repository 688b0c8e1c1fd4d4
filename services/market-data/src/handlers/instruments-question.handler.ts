import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type InstrumentsReply, type InstrumentsRequest, instrumentsQuestion } from '@scalpstorm/contracts';
import { MarketMemory } from '../ports/market-memory.js';
import { FollowMarket } from './follow-market.js';

/** Tells the instruments with the venue's filters, and the last traded price where there is one. */
@Controller()
export class InstrumentsQuestionHandler {
  constructor(
    private readonly market: FollowMarket,
    private readonly memory: MarketMemory,
  ) {}

  @Answers(instrumentsQuestion)
  async answer({ instrumentId }: InstrumentsRequest): Promise<InstrumentsReply> {
    const instruments = this.market
      .instruments()
      .filter((instrument) => instrumentId === null || instrument.id === instrumentId);
    const lastPrices = await Promise.all(
      instruments.map(async ({ id }) => {
        const price = this.market.follower(id)?.lastPrice ?? (await this.memory.lastPrice(id));
        return price === null ? [] : [{ instrumentId: id, price }];
      }),
    );
    return { instruments, lastPrices: lastPrices.flat() };
  }
}
