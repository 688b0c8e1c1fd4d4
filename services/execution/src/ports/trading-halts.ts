import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';

export interface TradingWord {
  /** Null: the whole platform. */
  readonly userId: UserId | null;
  readonly halted: boolean;
  /** Why, in words. */
  readonly text: string;
  readonly since: Timestamp;
}

/** Whose trading is halted, as risk-gate told it last; it survives this process. */
export abstract class TradingHalts {
  /** Reads what an earlier process heard; nothing is sent before. */
  abstract load(): Promise<void>;
  /** A halt works at once and resolves when it is durable; a release works when it is durable. An older word changes nothing. */
  abstract hear(word: TradingWord): Promise<void>;
  /** The halt that holds this user's opening orders back, the platform's first; null when there is none. */
  abstract over(userId: UserId): TradingWord | null;
}
