import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type CandlesAnswer, type CandlesRequest, candlesQuestion, type Refusal } from '@scalpstorm/contracts';
import { InstrumentId, type VenueId } from '@scalpstorm/model';
import { VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { Turns } from '../domain/turns.js';
import { VenueFeeds } from '../ports/venue-feeds.js';
import { FollowMarket } from './follow-market.js';

const pageMax = 1_000;
/** Of one venue: research never takes the budget that prices and trades are asked from. */
const askingMax = 1;

/** Asks a venue for its own candles: for research, which fetches page by page and can wait. */
@Controller()
export class CandlesQuestionHandler {
  private readonly turns = new Map<VenueId, Turns>();

  constructor(
    private readonly market: FollowMarket,
    private readonly feeds: VenueFeeds,
  ) {}

  @Answers(candlesQuestion)
  async answer({ instrumentId, timeframe, from, limit }: CandlesRequest): Promise<CandlesAnswer> {
    const venue = InstrumentId.parse(instrumentId)?.venue;
    if (venue === undefined || this.market.instruments().every(({ id }) => id !== instrumentId))
      return refused(
        'INSTRUMENT_UNKNOWN',
        `${instrumentId} is not followed here`,
        'Choose one of GET /v1/instruments.',
      );
    const turns = this.turnsOf(venue);
    if (!turns.take()) return unavailable(`another page of ${venue} is being fetched`);
    try {
      const page = Math.min(Math.max(limit, 1), pageMax);
      const candles = await this.feeds.feed(venue).candles(instrumentId, timeframe, from, page);
      return { ok: true, value: candles.filter(({ closed }) => closed) };
    } catch (error) {
      if (error instanceof VenueUnreachable) return unavailable(error.message);
      if (error instanceof VenueRefused) return refused('CANDLES_REFUSED', error.message, error.next);
      throw error;
    } finally {
      turns.giveBack();
    }
  }

  private turnsOf(venue: VenueId): Turns {
    const known = this.turns.get(venue) ?? new Turns(askingMax);
    this.turns.set(venue, known);
    return known;
  }
}

const refused = (
  code: string,
  text: string,
  next: string,
): { readonly ok: false; readonly refusals: readonly Refusal[] } => ({
  ok: false,
  refusals: [{ code, field: '/instrument', text, allowed: '', next }],
});
const unavailable = (text: string) => refused('CANDLES_UNAVAILABLE', text, 'Ask again in some seconds.');
