import type { RiskLimit } from '@scalpstorm/contracts';
import { type LimitsInForce, limitNames, type RiskLimits, type TightLimits } from '@scalpstorm/engine';
import { millisecond, second } from '@scalpstorm/kernel';
import { Money } from '@scalpstorm/model';
import { settingNames, textOf, unitOf } from './limit-texts.js';

/** The numbers of the limits, as configured. */
export interface LimitSettings {
  readonly RISK_CURRENCY: string;
  readonly RISK_ORDER_NOTIONAL_MAX: string;
  readonly RISK_BOT_EXPOSURE_MAX: string;
  readonly RISK_ACCOUNT_EXPOSURE_MAX: string;
  readonly RISK_USER_EXPOSURE_MAX: string;
  readonly RISK_VENUE_EXPOSURE_MAX: string;
  readonly RISK_PRICE_COLLAR_BPS: number;
  readonly RISK_OPEN_ORDERS_PER_BOT_MAX: number;
  readonly RISK_OPEN_ORDERS_PER_ACCOUNT_MAX: number;
  readonly RISK_ORDERS_PER_SECOND_PER_BOT_MAX: number;
  readonly RISK_ORDERS_PER_SECOND_PER_ACCOUNT_MAX: number;
  readonly RISK_IDENTICAL_ORDERS_PER_BOT_MAX: number;
  readonly RISK_MARKET_AGE_MS_MAX: number;
  readonly RISK_BALANCE_AGE_MS_MAX: number;
  readonly RISK_CLOCK_OFFSET_MS_MAX: number;
}

/** Market data may run ahead of our clock by so much before it is not believed. */
const marketLeadMax = 5 * second;

export function limitsFrom(settings: LimitSettings): RiskLimits {
  const money = (amount: string) => Money.of(amount, settings.RISK_CURRENCY);
  const orderNotionalMax = money(settings.RISK_ORDER_NOTIONAL_MAX);
  return {
    currency: orderNotionalMax.currency,
    orderNotionalMax,
    botPositionMax: money(settings.RISK_BOT_EXPOSURE_MAX),
    accountExposureMax: money(settings.RISK_ACCOUNT_EXPOSURE_MAX),
    userExposureMax: money(settings.RISK_USER_EXPOSURE_MAX),
    venueExposureMax: money(settings.RISK_VENUE_EXPOSURE_MAX),
    openOrdersPerBotMax: settings.RISK_OPEN_ORDERS_PER_BOT_MAX,
    openOrdersPerAccountMax: settings.RISK_OPEN_ORDERS_PER_ACCOUNT_MAX,
    identicalOrdersMax: settings.RISK_IDENTICAL_ORDERS_PER_BOT_MAX,
    ordersPerBotMax: settings.RISK_ORDERS_PER_SECOND_PER_BOT_MAX,
    ordersPerAccountMax: settings.RISK_ORDERS_PER_SECOND_PER_ACCOUNT_MAX,
    rateWindow: second,
    priceCollarBps: settings.RISK_PRICE_COLLAR_BPS,
    marketDataAgeMax: settings.RISK_MARKET_AGE_MS_MAX * millisecond,
    marketDataLeadMax: marketLeadMax,
    balanceAgeMax: settings.RISK_BALANCE_AGE_MS_MAX * millisecond,
    clockOffsetMax: settings.RISK_CLOCK_OFFSET_MS_MAX * millisecond,
  };
}

/** The limits as people and programs read them, under the names of their settings. `own`: what is set for whom they are asked. */
export function limitRows({ limits, sources }: LimitsInForce, own: TightLimits = {}): readonly RiskLimit[] {
  return limitNames.map((name) => {
    const set = own[name];
    return {
      name: settingNames[name],
      value: textOf(name, limits[name]),
      unit: unitOf(name, limits),
      source: sources.get(name) ?? null,
      own: set === undefined ? null : textOf(name, set),
    };
  });
}
