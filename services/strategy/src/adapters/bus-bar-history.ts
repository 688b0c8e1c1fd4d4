import { type Bus, NoAnswer } from '@scalpstorm/bus';
import { recentCandlesQuestion } from '@scalpstorm/contracts';
import type { Candle } from '@scalpstorm/model';
import { BarHistory } from '../ports/bar-history.js';
import type { WantedBars } from '../ports/directory.js';

const answerWithinMs = 2_000;

/** Asked of market-data, which has them in memory: Redis may have lost them, and keeps fewer. */
export class BusBarHistory extends BarHistory {
  constructor(private readonly bus: Pick<Bus, 'ask'>) {
    super();
  }

  async recent(wanted: WantedBars): Promise<readonly Candle[] | null> {
    try {
      return (await this.bus.ask(recentCandlesQuestion, wanted, answerWithinMs)).candles;
    } catch (error) {
      if (error instanceof NoAnswer) return null;
      throw error;
    }
  }
}
