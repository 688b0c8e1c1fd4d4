import type { JsonObject } from './bot.js';
import type { BotId, UserId } from './ids.js';

/** `TELEGRAM`: what was said to a user, or by him, over Telegram. */
export const activityLevels = ['INFO', 'SUCCESS', 'WARNING', 'ERROR', 'TELEGRAM'] as const;
export type ActivityLevel = (typeof activityLevels)[number];

/** One line of the log that users read. */
export interface Activity {
  readonly level: ActivityLevel;
  /** Stable, e.g. `ORDER_FILLED`. */
  readonly code: string;
  readonly text: string;
  /** Null: concerns everybody. */
  readonly userId: UserId | null;
  readonly botId: BotId | null;
  readonly data: JsonObject;
}
