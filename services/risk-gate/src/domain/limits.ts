import type { RiskLimit } from '@scalpstorm/contracts';
import type { RiskLimits } from '@scalpstorm/engine';
import { millisecond, second } from '@scalpstorm/kernel';
import { Money } from '@scalpstorm/model';

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
  };
}

/** The limits as people and programs read them, under the names of their settings. */
export function limitRows(limits: RiskLimits): readonly RiskLimit[] {
  const money = (name: string, value: Money): RiskLimit => ({
    name,
    value: Money.format(value),
    unit: value.currency,
  });
  const count = (name: string, value: number, unit: string): RiskLimit => ({ name, value: String(value), unit });
  return [
    money('RISK_ORDER_NOTIONAL_MAX', limits.orderNotionalMax),
    money('RISK_BOT_EXPOSURE_MAX', limits.botPositionMax),
    money('RISK_ACCOUNT_EXPOSURE_MAX', limits.accountExposureMax),
    money('RISK_USER_EXPOSURE_MAX', limits.userExposureMax),
    money('RISK_VENUE_EXPOSURE_MAX', limits.venueExposureMax),
    count('RISK_PRICE_COLLAR_BPS', limits.priceCollarBps, 'bps'),
    count('RISK_OPEN_ORDERS_PER_BOT_MAX', limits.openOrdersPerBotMax, 'orders'),
    count('RISK_OPEN_ORDERS_PER_ACCOUNT_MAX', limits.openOrdersPerAccountMax, 'orders'),
    count('RISK_IDENTICAL_ORDERS_PER_BOT_MAX', limits.identicalOrdersMax, 'orders'),
    count('RISK_ORDERS_PER_SECOND_PER_BOT_MAX', limits.ordersPerBotMax, 'orders/s'),
    count('RISK_ORDERS_PER_SECOND_PER_ACCOUNT_MAX', limits.ordersPerAccountMax, 'orders/s'),
    count('RISK_MARKET_AGE_MS_MAX', limits.marketDataAgeMax / millisecond, 'ms'),
    count('RISK_BALANCE_AGE_MS_MAX', limits.balanceAgeMax / millisecond, 'ms'),
  ];
}
