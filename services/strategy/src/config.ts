import { commonEnv, natsEnv, postgresEnv, wholeNumber } from '@scalpstorm/config';
import { z } from 'zod';
import { journalKinds } from './handlers/journals.js';

export const strategyEnv = z.object({
  ...commonEnv,
  ...natsEnv,
  ...postgresEnv,
  /** Whose steps are kept for a replay: of bots in demo and paper mode, of live ones too, or of nobody. */
  BOT_JOURNAL: z.enum(journalKinds).default('demo'),
  /** An older certificate does not let a live bot start. */
  CERTIFICATE_DAYS_MAX: wholeNumber({ min: 1, max: 365, example: 90 }).default(90),
  /** A folder with the operator's own strategies, which are code of this process; absent: there are none. */
  STRATEGIES_DIR: z.string().optional(),
  BOTS_PER_USER_MAX: wholeNumber({ min: 1, max: 100_000, example: 500 }).default(500),
});
export type StrategyEnv = z.infer<typeof strategyEnv>;
