import { placesFor, shown } from './decimal.js';

/** `RISK_ORDER_NOTIONAL_MAX` → `Order notional, at most`; a unit in the name is told beside the value. */
export function limitLabel(name: string): string {
  const words = name.includes('_') ? name.replaceAll('_', ' ') : name.replace(/([A-Z])/g, ' $1');
  const lower = words
    .toLowerCase()
    .trim()
    .replace(/^risk /, '')
    .replace(/ (ms|bps)( max)?$/, '$2')
    .replace(/ max$/, ', at most');
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

/** Counts without decimals, money with as many as it needs. */
export function limitText(value: string, unit: string): string {
  const counted = ['bps', 'ms', 'orders', 'orders/s'].includes(unit);
  return `${shown(value, counted ? null : placesFor(value))} ${unit}`.trim();
}
