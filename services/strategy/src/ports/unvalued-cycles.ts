import type { BotId, Cycle } from '@scalpstorm/model';

/** Where a page ended. */
export interface CyclePlace {
  readonly botId: BotId;
  readonly number: number;
}

/** Completed cycles with a fee that nobody could value when they were completed. */
export abstract class UnvaluedCycles {
  /** Those of bots that are not deleted, by bot and number, behind that place; null: from the beginning. */
  abstract page(after: CyclePlace | null, most: number): Promise<readonly Cycle[]>;
}
