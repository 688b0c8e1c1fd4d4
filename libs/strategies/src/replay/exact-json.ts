import { formatDecimal, type Json, type JsonObject, moneyDecimals, parseDecimal } from '@scalpstorm/model';

// Exact numbers as JSON that people can read: a price or quantity is "=100.5", an amount of money "$0.25". A text that begins like one of
// these, or like an escape, has an apostrophe before it, so that everything comes back as it was.

const unitDecimals = 12;
const marks = /^[=$']/;

/** What the model's values are made of; nothing else goes in. */
export function exactText(value: unknown): string {
  return JSON.stringify(value, replaced);
}

export function exactValue(json: Json): unknown {
  if (typeof json === 'string') return textValue(json);
  if (Array.isArray(json)) return json.map((one: Json) => exactValue(one));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json as JsonObject).map(([name, one]) => [name, exactValue(one)]));
}

function replaced(name: string, value: unknown): unknown {
  if (typeof value === 'string') return marks.test(value) ? `'${value}` : value;
  if (typeof value !== 'bigint') return value;
  return name === 'amount' ? `$${formatDecimal(value, moneyDecimals)}` : `=${formatDecimal(value, unitDecimals)}`;
}

function textValue(text: string): unknown {
  const rest = text.slice(1);
  if (text.startsWith("'")) return rest;
  if (!marks.test(text)) return text;
  const parsed = parseDecimal(rest, text.startsWith('$') ? moneyDecimals : unitDecimals);
  return parsed.ok ? parsed.value : text;
}
