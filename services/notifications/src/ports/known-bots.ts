import type { BotChanged } from '@scalpstorm/contracts';
import type { AccountId, Bot, BotId, Cycle, UserId } from '@scalpstorm/model';

/** What a user's completed cycles of one day earned, by mode and currency. */
export interface DayResult {
  readonly mode: string;
  readonly currency: string;
  readonly cycles: number;
  readonly wins: number;
  /** Exact decimal texts. */
  readonly net: string;
  readonly fees: string;
}

/** Every bot as its last event said it: names for the texts, answers for the chat. Reads are from memory. */
export abstract class KnownBots {
  abstract load(): Promise<void>;
  abstract get(id: BotId): Bot | null;
  /** Oldest first. */
  abstract of(userId: UserId): readonly Bot[];
  /** Who has bots on this account. */
  abstract usersOf(accountId: AccountId): readonly UserId[];
  /** False for a version that is known already. */
  abstract isNews(event: BotChanged): boolean;
  /** Durable when it resolves. */
  abstract fold(event: BotChanged): Promise<void>;
  /** For the summary of its day: once, with what it earned as far as its fees are valued. The day of one that is counted stays. */
  abstract countCycle(userId: UserId, cycle: Cycle, day: string): Promise<void>;
  abstract resultsOf(userId: UserId, day: string): Promise<readonly DayResult[]>;
  abstract pruneResults(beforeDay: string): Promise<number>;
}
