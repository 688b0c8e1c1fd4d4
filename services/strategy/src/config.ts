import { commonEnv, natsEnv, postgresEnv, wholeNumber } from '@scalpstorm/config';
import { z } from 'zod';

export const strategyEnv = z.object({
  ...commonEnv,
  ...natsEnv,
  ...postgresEnv,
  BOTS_PER_USER_MAX: wholeNumber({ min: 1, max: 100_000, example: 500 }).default(500),
  /** A request without a verdict is asked again after so long. */
  ASK_AGAIN_MS: wholeNumber({ min: 200, max: 60_000, example: 3_000 }).default(3_000),
});
export type StrategyEnv = z.infer<typeof strategyEnv>;
