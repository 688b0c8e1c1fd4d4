import { commonEnv, natsEnv, postgresEnv, wholeNumber } from '@scalpstorm/config';
import { z } from 'zod';

export const strategyEnv = z.object({
  ...commonEnv,
  ...natsEnv,
  ...postgresEnv,
  BOTS_PER_USER_MAX: wholeNumber({ min: 1, max: 100_000, example: 500 }).default(500),
});
export type StrategyEnv = z.infer<typeof strategyEnv>;
