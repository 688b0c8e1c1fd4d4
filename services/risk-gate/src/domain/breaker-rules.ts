import type { BreakerSettings, LowProfit } from '@scalpstorm/engine';
import { type Micros, second } from '@scalpstorm/kernel';
import { Money, type TradingState } from '@scalpstorm/model';

/** The breakers as configured; 0: off. */
export interface BreakerEnv {
  readonly RISK_CURRENCY: string;
  readonly RISK_BREAKER_BOT_DAILY_LOSS_MAX: string;
  readonly RISK_BREAKER_BOT_LOSSES_IN_A_ROW_MAX: number;
  readonly RISK_BREAKER_BOT_CYCLES_PER_DAY_MAX: number;
  readonly RISK_BREAKER_BOT_STOP_LOSSES_PER_HOUR_MAX: number;
  readonly RISK_BREAKER_BOT_REST_AFTER_LOSS_S: number;
  readonly RISK_BREAKER_USER_LIVE_DAILY_LOSS_MAX: string;
  readonly RISK_BREAKER_ACCOUNT_DAILY_LOSS_MAX: string;
  readonly RISK_BREAKER_PLATFORM_LIVE_DAILY_LOSS_MAX: string;
  readonly RISK_BREAKER_BOT_LOW_PROFIT_CYCLES: number;
  readonly RISK_BREAKER_USER_LOW_PROFIT_CYCLES: number;
  readonly RISK_BREAKER_LOW_PROFIT_FLOOR: string;
  readonly RISK_BREAKER_LOW_PROFIT_WITHIN_H: number;
  readonly RISK_BREAKER_COOL_DOWN_S: number;
  readonly RISK_BREAKER_STATE: Exclude<TradingState, 'active'>;
  readonly RISK_BREAKER_NEEDS_PERSON: 'yes' | 'no';
  readonly RISK_BREAKER_RUNAWAY_DENIALS_PER_MINUTE_MAX: number;
  readonly RISK_BREAKER_PRICE_MOVE_BPS_MAX: number;
  readonly RISK_BREAKER_PRICE_MOVE_WITHIN_S: number;
  readonly RISK_BREAKER_FEED_STALE_S: number;
  readonly RISK_BREAKER_MARKET_COOL_DOWN_S: number;
  readonly RISK_BREAKER_ACCOUNT_DRAWDOWN_BPS_MAX: number;
  readonly RISK_BREAKER_USER_LIVE_DRAWDOWN_BPS_MAX: number;
  readonly RISK_BREAKER_ACCOUNT_FAILURES_PERCENT_MAX: number;
  readonly RISK_BREAKER_VENUE_FAILURES_PERCENT_MAX: number;
  readonly RISK_BREAKER_FAILURES_WINDOW_S: number;
  readonly RISK_BREAKER_FAILURES_ORDERS_MIN: number;
  readonly RISK_BREAKER_BOT_SLIPPAGE_BPS_MAX: number;
  readonly RISK_BREAKER_BOT_SLIPPAGE_FILLS: number;
}

/** Of how orders fare. */
export interface OrderRules {
  /** Null: off. Of the orders of the window, when there are enough of them. */
  readonly accountPercentMax: number | null;
  readonly venuePercentMax: number | null;
  readonly window: Micros;
  readonly ordersMin: number;
  /** On average over so many fills. */
  readonly slippageBpsMax: number | null;
  readonly slippageFills: number;
}

/** Of instruments and venues. */
export interface MarketRules {
  /** Null: off. */
  readonly moveBpsMax: number | null;
  readonly moveWithin: Micros;
  readonly staleMax: Micros | null;
  readonly coolDown: Micros;
}

/** Of what accounts are worth, in basis points below the highest. */
export interface EquityRules {
  readonly accountBpsMax: number | null;
  readonly userLiveBpsMax: number | null;
}

/** What trips what. */
export abstract class BreakerRules {
  abstract readonly bot: BreakerSettings;
  /** Of what a user's bots did with real money. */
  abstract readonly user: BreakerSettings;
  /** Of what a user's bots did on one instrument, in one mode. */
  abstract readonly userInstrument: BreakerSettings;
  /** Of what was done on an account. */
  abstract readonly account: BreakerSettings;
  /** Of what everybody's bots did with real money. */
  abstract readonly platform: BreakerSettings;
  abstract readonly market: MarketRules;
  abstract readonly equity: EquityRules;
  abstract readonly orders: OrderRules;
  /** Of everything that is not bound to a day, nor to a market. */
  abstract readonly coolDown: Micros;
  abstract readonly state: Exclude<TradingState, 'active'>;
  abstract readonly needsPerson: boolean;
  /** Null: off. */
  abstract readonly runawayDenialsPerMinuteMax: number | null;
}

export function breakerRulesFrom(env: BreakerEnv): BreakerRules {
  const orOff = (count: number): number | null => (count === 0 ? null : count);
  const seconds = (count: number): Micros | null => (count === 0 ? null : count * second);
  const money = (text: string): Money | null => {
    const limit = Money.of(text, env.RISK_CURRENCY);
    return limit.amount === 0n ? null : limit;
  };
  const lowProfit = (cyclesMin: number): LowProfit | null => {
    const floor = Money.of(env.RISK_BREAKER_LOW_PROFIT_FLOOR, env.RISK_CURRENCY);
    return cyclesMin === 0 ? null : { floor, cyclesMin, within: env.RISK_BREAKER_LOW_PROFIT_WITHIN_H * 3_600 * second };
  };
  const common = { coolDown: env.RISK_BREAKER_COOL_DOWN_S * second, state: env.RISK_BREAKER_STATE };
  const off = { lossesInARowMax: null, cyclesPerDayMax: null, stopLossesPerHourMax: null, restAfterLoss: null };
  return {
    bot: {
      ...common,
      limits: {
        dailyLossMax: money(env.RISK_BREAKER_BOT_DAILY_LOSS_MAX),
        lossesInARowMax: orOff(env.RISK_BREAKER_BOT_LOSSES_IN_A_ROW_MAX),
        cyclesPerDayMax: orOff(env.RISK_BREAKER_BOT_CYCLES_PER_DAY_MAX),
        stopLossesPerHourMax: orOff(env.RISK_BREAKER_BOT_STOP_LOSSES_PER_HOUR_MAX),
        restAfterLoss: seconds(env.RISK_BREAKER_BOT_REST_AFTER_LOSS_S),
        lowProfit: lowProfit(env.RISK_BREAKER_BOT_LOW_PROFIT_CYCLES),
      },
    },
    user: { ...common, limits: { ...off, dailyLossMax: money(env.RISK_BREAKER_USER_LIVE_DAILY_LOSS_MAX) } },
    userInstrument: {
      ...common,
      limits: { ...off, dailyLossMax: null, lowProfit: lowProfit(env.RISK_BREAKER_USER_LOW_PROFIT_CYCLES) },
    },
    account: { ...common, limits: { ...off, dailyLossMax: money(env.RISK_BREAKER_ACCOUNT_DAILY_LOSS_MAX) } },
    platform: { ...common, limits: { ...off, dailyLossMax: money(env.RISK_BREAKER_PLATFORM_LIVE_DAILY_LOSS_MAX) } },
    ...common,
    market: {
      moveBpsMax: orOff(env.RISK_BREAKER_PRICE_MOVE_BPS_MAX),
      moveWithin: env.RISK_BREAKER_PRICE_MOVE_WITHIN_S * second,
      staleMax: seconds(env.RISK_BREAKER_FEED_STALE_S),
      coolDown: env.RISK_BREAKER_MARKET_COOL_DOWN_S * second,
    },
    equity: {
      accountBpsMax: orOff(env.RISK_BREAKER_ACCOUNT_DRAWDOWN_BPS_MAX),
      userLiveBpsMax: orOff(env.RISK_BREAKER_USER_LIVE_DRAWDOWN_BPS_MAX),
    },
    orders: {
      accountPercentMax: orOff(env.RISK_BREAKER_ACCOUNT_FAILURES_PERCENT_MAX),
      venuePercentMax: orOff(env.RISK_BREAKER_VENUE_FAILURES_PERCENT_MAX),
      window: env.RISK_BREAKER_FAILURES_WINDOW_S * second,
      ordersMin: env.RISK_BREAKER_FAILURES_ORDERS_MIN,
      slippageBpsMax: orOff(env.RISK_BREAKER_BOT_SLIPPAGE_BPS_MAX),
      slippageFills: env.RISK_BREAKER_BOT_SLIPPAGE_FILLS,
    },
    needsPerson: env.RISK_BREAKER_NEEDS_PERSON === 'yes',
    runawayDenialsPerMinuteMax: orOff(env.RISK_BREAKER_RUNAWAY_DENIALS_PER_MINUTE_MAX),
  };
}

/** Is anything of it on? */
export const isOn = ({ limits }: BreakerSettings): boolean =>
  Object.values(limits).some((limit) => limit !== null && limit !== undefined);
