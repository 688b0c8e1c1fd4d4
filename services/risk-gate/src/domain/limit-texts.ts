import { type LimitName, limitNames, type RiskLimits, type TightLimits } from '@scalpstorm/engine';
import { millisecond } from '@scalpstorm/kernel';
import { Money } from '@scalpstorm/model';

/** What people and programs call a limit is the name of its setting. */
export const settingNames = {
  orderNotionalMax: 'RISK_ORDER_NOTIONAL_MAX',
  botPositionMax: 'RISK_BOT_EXPOSURE_MAX',
  accountExposureMax: 'RISK_ACCOUNT_EXPOSURE_MAX',
  userExposureMax: 'RISK_USER_EXPOSURE_MAX',
  venueExposureMax: 'RISK_VENUE_EXPOSURE_MAX',
  openOrdersPerBotMax: 'RISK_OPEN_ORDERS_PER_BOT_MAX',
  openOrdersPerAccountMax: 'RISK_OPEN_ORDERS_PER_ACCOUNT_MAX',
  identicalOrdersMax: 'RISK_IDENTICAL_ORDERS_PER_BOT_MAX',
  ordersPerBotMax: 'RISK_ORDERS_PER_SECOND_PER_BOT_MAX',
  ordersPerAccountMax: 'RISK_ORDERS_PER_SECOND_PER_ACCOUNT_MAX',
  priceCollarBps: 'RISK_PRICE_COLLAR_BPS',
  marketDataAgeMax: 'RISK_MARKET_AGE_MS_MAX',
  balanceAgeMax: 'RISK_BALANCE_AGE_MS_MAX',
} as const satisfies Readonly<Record<LimitName, string>>;

const named = new Map<string, LimitName>(limitNames.map((name) => [settingNames[name], name]));
export const limitNamed = (setting: string): LimitName | null => named.get(setting) ?? null;

const inMilliseconds: ReadonlySet<LimitName> = new Set(['marketDataAgeMax', 'balanceAgeMax']);

/** In the unit of the setting. */
export function textOf(name: LimitName, limit: Money | number): string {
  if (typeof limit !== 'number') return Money.format(limit);
  return String(inMilliseconds.has(name) ? limit / millisecond : limit);
}

export const unitOf = (name: LimitName, limits: RiskLimits): string => {
  if (typeof limits[name] !== 'number') return limits.currency;
  if (inMilliseconds.has(name)) return 'ms';
  if (name === 'priceCollarBps') return 'bps';
  return name === 'ordersPerBotMax' || name === 'ordersPerAccountMax' ? 'orders/s' : 'orders';
};

const moneyPattern = /^\d{1,18}(\.\d{1,18})?$/;
const countPattern = /^\d{1,9}$/;

/** Null: not a number as the limit needs one. */
export function limitOf(name: LimitName, text: string, settings: RiskLimits): Money | number | null {
  if (typeof settings[name] !== 'number') {
    return moneyPattern.test(text) ? Money.of(text, settings.currency) : null;
  }
  if (!countPattern.test(text)) return null;
  return Number(text) * (inMilliseconds.has(name) ? millisecond : 1);
}

/** By the names of the settings. */
export type LimitTexts = Readonly<Record<string, string>>;

export function toTexts(limits: TightLimits): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of limitNames) {
    const limit = limits[name];
    if (limit !== undefined) texts[settingNames[name]] = textOf(name, limit);
  }
  return texts;
}

/** As they were written by {@link toTexts}; a name that is not known any more binds nobody. */
export function fromTexts(texts: LimitTexts, settings: RiskLimits): TightLimits {
  const entries = Object.entries(texts).flatMap(([setting, text]) => {
    const name = limitNamed(setting);
    const limit = name === null ? null : limitOf(name, text, settings);
    return name === null || limit === null ? [] : [[name, limit] as const];
  });
  return Object.fromEntries(entries);
}
