import { type Bus, NoAnswer } from '@scalpstorm/bus';
import { type CandlesAnswer, candlesQuestion } from '@scalpstorm/contracts';
import type { Candle } from '@scalpstorm/model';
import type { BarsWanted } from '../domain/bars-wanted.js';
import { JobFailed } from '../domain/job-faults.js';
import { Candles, CandlesUnavailable } from '../ports/candles.js';

const pageCandles = 1_000;
/** The venue's own budget may let a page wait. */
const askMs = 30_000;

/** Asks market-data, which alone speaks to venues about markets. */
export class BusCandles extends Candles {
  constructor(private readonly bus: Pick<Bus, 'ask'>) {
    super();
  }

  async page({ instrumentId, timeframe, from }: Parameters<Candles['page']>[0]): Promise<readonly Candle[]> {
    const answer = await this.ask({ instrumentId, timeframe, from });
    if (answer.ok) return answer.value;
    const [refusal] = answer.refusals;
    const { code = 'CANDLES_REFUSED', text = 'no reason was given', next = '' } = refusal ?? {};
    if (code === 'CANDLES_UNAVAILABLE') throw new CandlesUnavailable(text);
    throw new JobFailed({ code, text, next });
  }

  private async ask(wanted: Pick<BarsWanted, 'instrumentId' | 'timeframe' | 'from'>): Promise<CandlesAnswer> {
    try {
      return await this.bus.ask(candlesQuestion, { ...wanted, limit: pageCandles }, askMs);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      throw new CandlesUnavailable(error.message, { cause: error });
    }
  }
}
