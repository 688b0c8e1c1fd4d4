import { Timestamp } from '@scalpstorm/kernel';
import { Currency, Money, Price, Quantity } from '@scalpstorm/model';

/** A payload that does not have the form that the venue documents. Poison: counted and dropped, or the stream is rebuilt. */
export class UnreadablePayload extends Error {
  override readonly name = 'UnreadablePayload';
}

export type Fields = { readonly [name: string]: unknown };

export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new UnreadablePayload(`${what}: not an object`);
}

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new UnreadablePayload(`${what}: not a list`);
}

/** Text; a whole number is accepted too, because ids come as either. */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw new UnreadablePayload(`${name}: not a text`);
}

export function whole(fields: Fields, name: string): number {
  const value = fields[name];
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw new UnreadablePayload(`${name}: not a whole number`);
}

export function flag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value === 'boolean') return value;
  throw new UnreadablePayload(`${name}: not true or false`);
}

/** The venue's milliseconds. */
export const time = (fields: Fields, name: string): Timestamp => Timestamp.fromMillis(whole(fields, name));

export function priceOf(value: unknown, what: string): Price {
  const parsed = typeof value === 'string' ? Price.parse(value) : null;
  if (parsed?.ok) return parsed.value;
  throw new UnreadablePayload(`${what}: not an exact price: ${String(value)}`);
}

export function quantityOf(value: unknown, what: string): Quantity {
  const parsed = typeof value === 'string' ? Quantity.parse(value) : null;
  if (parsed?.ok) return parsed.value;
  throw new UnreadablePayload(`${what}: not an exact quantity: ${String(value)}`);
}

export function currencyOf(value: unknown, what: string): Currency {
  if (typeof value === 'string' && Currency.is(value)) return Currency.of(value);
  throw new UnreadablePayload(`${what}: not a currency: ${String(value)}`);
}

export function moneyOf(value: unknown, currency: Currency, what: string): Money {
  const parsed = typeof value === 'string' ? Money.parse(value, currency) : null;
  if (parsed?.ok) return parsed.value;
  throw new UnreadablePayload(`${what}: not an exact amount: ${String(value)}`);
}

export const price = (fields: Fields, name: string): Price => priceOf(fields[name], name);
export const quantity = (fields: Fields, name: string): Quantity => quantityOf(fields[name], name);
