import { commonEnv, natsEnv, postgresEnv, setting, wholeNumber } from '@scalpstorm/config';
import { z } from 'zod';
import { readSessions } from './domain/sessions.js';

const decimal = (expected: string, example: string) =>
  setting(z.string().regex(/^\d{1,18}(\.\d{1,18})?$/), { expected, example });

/** Limits hold for every bot and account until users can set their own. */
export const riskGateEnv = z.object({
  ...commonEnv,
  ...natsEnv,
  ...postgresEnv,
  /** How long execution may act on an approval; also how long a restarted gate opens nothing. */
  APPROVAL_LIFE_MS: wholeNumber({ min: 200, max: 60_000, example: 2_000 }).default(2_000),
  /** All limits are in it; an instrument with another quote currency can not be opened. */
  RISK_CURRENCY: setting(
    z
      .string()
      .regex(/^[A-Z0-9]{1,20}$/)
      .default('USDT'),
    {
      expected: 'the currency of the limits',
      example: 'USDT',
    },
  ),
  RISK_ORDER_NOTIONAL_MAX: decimal('the largest order value in the quote currency', '10000').default('10000'),
  RISK_BOT_EXPOSURE_MAX: decimal('the largest exposure of one bot in the quote currency', '20000').default('20000'),
  RISK_ACCOUNT_EXPOSURE_MAX: decimal('the largest exposure of one account in the quote currency', '1000000').default(
    '1000000',
  ),
  RISK_USER_EXPOSURE_MAX: decimal('the largest exposure of one user over all accounts of a mode', '1000000').default(
    '1000000',
  ),
  RISK_VENUE_EXPOSURE_MAX: decimal('the largest exposure to one venue over all accounts of a mode', '5000000').default(
    '5000000',
  ),
  RISK_PRICE_COLLAR_BPS: wholeNumber({ min: 1, max: 10_000, example: 500 }).default(500),
  RISK_OPEN_ORDERS_PER_BOT_MAX: wholeNumber({ min: 1, max: 1_000, example: 20 }).default(20),
  RISK_OPEN_ORDERS_PER_ACCOUNT_MAX: wholeNumber({ min: 1, max: 100_000, example: 2_000 }).default(2_000),
  RISK_ORDERS_PER_SECOND_PER_BOT_MAX: wholeNumber({ min: 1, max: 1_000, example: 20 }).default(20),
  RISK_ORDERS_PER_SECOND_PER_ACCOUNT_MAX: wholeNumber({ min: 1, max: 10_000, example: 300 }).default(300),
  /** A strategy that has lost its way asks for the same order under ever new ids. */
  RISK_IDENTICAL_ORDERS_PER_BOT_MAX: wholeNumber({ min: 1, max: 1_000, example: 3 }).default(3),
  /** What the venue last said that an account has may be this old. On a quiet account it speaks when execution compares. */
  RISK_BALANCE_AGE_MS_MAX: wholeNumber({ min: 2_000, max: 600_000, example: 90_000 }).default(90_000),
  /** How long verdicts are kept for people and audits; much longer than anybody asks again for one. */
  RISK_VERDICTS_KEPT_DAYS: wholeNumber({ min: 2, max: 3_650, example: 30 }).default(30),
  /**
   * Circuit breakers, of what completed cycles come to; 0: off. Each holds its bot, or its user, by the trading state: those of a day until the day
   * is over in UTC, the others for the cool-down, and where a person is needed until somebody releases it then.
   */
  RISK_BREAKER_BOT_DAILY_LOSS_MAX: decimal('what a bot may lose a day, in RISK_CURRENCY; 0: off', '100').default('0'),
  RISK_BREAKER_BOT_LOSSES_IN_A_ROW_MAX: wholeNumber({ min: 0, max: 100, example: 5 }).default(0),
  RISK_BREAKER_BOT_CYCLES_PER_DAY_MAX: wholeNumber({ min: 0, max: 10_000, example: 200 }).default(0),
  RISK_BREAKER_BOT_STOP_LOSSES_PER_HOUR_MAX: wholeNumber({ min: 0, max: 100, example: 3 }).default(0),
  RISK_BREAKER_BOT_REST_AFTER_LOSS_S: wholeNumber({ min: 0, max: 86_400, example: 60 }).default(0),
  /** Of real money only. */
  RISK_BREAKER_USER_LIVE_DAILY_LOSS_MAX: decimal(
    'what the live bots of a user may lose a day, in RISK_CURRENCY; 0: off',
    '1000',
  ).default('0'),
  /** Of any account, whatever its mode. */
  RISK_BREAKER_ACCOUNT_DAILY_LOSS_MAX: decimal(
    'what may be lost a day on an account, in RISK_CURRENCY; 0: off',
    '1000',
  ).default('0'),
  /** Of real money only. */
  RISK_BREAKER_PLATFORM_LIVE_DAILY_LOSS_MAX: decimal(
    'what all live bots may lose a day, in RISK_CURRENCY; 0: off',
    '10000',
  ).default('0'),
  /** From so many cycles within the look-back on, a bot, or all of a user's bots on an instrument, must have earned the floor; 0: off. */
  RISK_BREAKER_BOT_LOW_PROFIT_CYCLES: wholeNumber({ min: 0, max: 10_000, example: 20 }).default(0),
  RISK_BREAKER_USER_LOW_PROFIT_CYCLES: wholeNumber({ min: 0, max: 10_000, example: 50 }).default(0),
  RISK_BREAKER_LOW_PROFIT_FLOOR: setting(
    z
      .string()
      .regex(/^-?\d{1,18}(\.\d{1,18})?$/)
      .default('0'),
    {
      expected: 'what is earned at least, in RISK_CURRENCY; may be below zero',
      example: '-10',
    },
  ),
  RISK_BREAKER_LOW_PROFIT_WITHIN_H: wholeNumber({ min: 1, max: 48, example: 24 }).default(24),
  RISK_BREAKER_COOL_DOWN_S: wholeNumber({ min: 1, max: 604_800, example: 3_600 }).default(3_600),
  RISK_BREAKER_STATE: setting(z.enum(['reducing', 'halted']).default('halted'), {
    expected: 'what a breaker sets',
    example: 'halted',
  }),
  RISK_BREAKER_NEEDS_PERSON: setting(z.enum(['yes', 'no']).default('no'), {
    expected: 'whether somebody has to release what a breaker holds',
    example: 'no',
  }),
  /** Whether two people have to say what makes the platform or a venue milder. */
  RISK_RELEASE_NEEDS_SECOND_PERSON: setting(z.enum(['yes', 'no']).default('no'), {
    expected: 'whether another person has to confirm a release of the platform or a venue',
    example: 'no',
  }),
  /** A bot that is denied so often by its own fault is halted until a person releases it; 0: off. Bots ask again ever more slowly. */
  RISK_BREAKER_RUNAWAY_DENIALS_PER_MINUTE_MAX: wholeNumber({ min: 0, max: 100_000, example: 300 }).default(300),
  /** So far a price may move, from the lowest to the highest, within so many seconds before its instrument opens nothing for a while; 0: off. */
  RISK_BREAKER_PRICE_MOVE_BPS_MAX: wholeNumber({ min: 0, max: 10_000, example: 300 }).default(0),
  RISK_BREAKER_PRICE_MOVE_WITHIN_S: wholeNumber({ min: 1, max: 3_600, example: 60 }).default(60),
  /** After so long without a live price an instrument, or a venue of which none lives, opens nothing for a while, also when it is back; 0: off. */
  RISK_BREAKER_FEED_STALE_S: wholeNumber({ min: 0, max: 3_600, example: 30 }).default(0),
  RISK_BREAKER_MARKET_COOL_DOWN_S: wholeNumber({ min: 1, max: 86_400, example: 300 }).default(300),
  /** Below the highest that an account, or all live accounts of a user, were ever worth, in basis points; 0: off. */
  RISK_BREAKER_ACCOUNT_DRAWDOWN_BPS_MAX: wholeNumber({ min: 0, max: 10_000, example: 1_000 }).default(0),
  RISK_BREAKER_USER_LIVE_DRAWDOWN_BPS_MAX: wholeNumber({ min: 0, max: 10_000, example: 1_000 }).default(0),
  /** Orders that the venue refuses, or of which nobody knows what became, of those of the window; 0: off. */
  RISK_BREAKER_ACCOUNT_FAILURES_PERCENT_MAX: wholeNumber({ min: 0, max: 99, example: 50 }).default(0),
  RISK_BREAKER_VENUE_FAILURES_PERCENT_MAX: wholeNumber({ min: 0, max: 99, example: 50 }).default(0),
  RISK_BREAKER_FAILURES_WINDOW_S: wholeNumber({ min: 5, max: 3_600, example: 60 }).default(60),
  /** Fewer orders prove nothing. */
  RISK_BREAKER_FAILURES_ORDERS_MIN: wholeNumber({ min: 1, max: 5_000, example: 10 }).default(10),
  /** How much worse the fills of a bot's market orders may be than the market was when they were approved, on average over the last; 0: off. */
  RISK_BREAKER_BOT_SLIPPAGE_BPS_MAX: wholeNumber({ min: 0, max: 10_000, example: 20 }).default(0),
  RISK_BREAKER_BOT_SLIPPAGE_FILLS: wholeNumber({ min: 1, max: 500, example: 20 }).default(20),
  /** How far the clock of a venue may be from ours, less the error of the measurement. */
  RISK_CLOCK_OFFSET_MS_MAX: wholeNumber({ min: 1, max: 60_000, example: 100 }).default(100),
  /** When a venue or an instrument is traded, in UTC: outside of it nothing is opened. */
  RISK_SESSIONS: setting(
    z
      .string()
      .refine((text) => readSessions(text) !== null)
      .default(''),
    {
      expected: 'sessions by venue or instrument, in UTC; empty: nothing ever closes',
      example: 'nse=Mon-Fri 03:45-10:00,nse:GOLD-INR=Mon-Sat 03:30-18:00',
    },
  ),
  RISK_MARKET_AGE_MS_MAX: wholeNumber({ min: 100, max: 600_000, example: 5_000 }).default(5_000),
});
export type RiskGateEnv = z.infer<typeof riskGateEnv>;

/** The defaults of everything that moves a limit, as texts. */
export function limitDefaults(): Readonly<Record<string, string>> {
  const limits = Object.entries(riskGateEnv.shape).filter(([name]) => name.startsWith('RISK_'));
  return Object.fromEntries(limits.map(([name, field]) => [name, String(field.parse(undefined))]));
}
