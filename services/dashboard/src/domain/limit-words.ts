import { placesFor, shown } from './decimal.js';

/** `orderNotionalMax` or `ORDER_NOTIONAL_MAX` → `Order notional max`. */
export function limitLabel(name: string): string {
  const words = name.includes('_') ? name.replaceAll('_', ' ') : name.replace(/([A-Z])/g, ' $1');
  const lower = words.toLowerCase().trim();
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

/** Counts without decimals, money with as many as it needs. */
export function limitText(value: string, unit: string): string {
  const counted = ['bps', 'ms', 'orders', 'orders/s'].includes(unit);
  return `${shown(value, counted ? null : placesFor(value))} ${unit}`.trim();
}
