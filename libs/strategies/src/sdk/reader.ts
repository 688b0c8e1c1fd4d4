import { type Json, type JsonObject, parseDecimal } from '@scalpstorm/model';
import type { ParameterFault } from './strategy.js';

const percentDecimals = 4;
/** In 10^-4 percent, as `percent` gives them. */
export const hundredPercent = 100n * 10n ** BigInt(percentDecimals);

/** Reads parameters field by field and gathers every fault, so that a user mends a form once. */
export class ParameterReader {
  readonly faults: ParameterFault[] = [];

  constructor(
    private readonly parameters: JsonObject,
    private readonly path = '',
  ) {}

  /** Names each field that does not exist here, with the nearest one that does. */
  onlyFields(known: readonly string[]): this {
    for (const name of Object.keys(this.parameters)) {
      if (known.includes(name)) continue;
      const near = nearest(name, known);
      this.faults.push({
        code: 'UNKNOWN_FIELD',
        field: `${this.path}/${name}`,
        text: `There is no parameter ${name}.`,
        allowed: known.join(', '),
        next: near === null ? 'Remove it.' : `Did you mean ${near}?`,
      });
    }
    return this;
  }

  get(name: string): Json | undefined {
    return Object.hasOwn(this.parameters, name) ? this.parameters[name] : undefined;
  }

  oneOf<Choice extends Json>(name: string, choices: readonly Choice[], absent: Choice): Choice {
    const value = this.get(name);
    if (value === undefined) return absent;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    this.fault('NOT_ALLOWED', name, `${shown(value)} is not one of the choices.`, choices.map(String).join(', '));
    return absent;
  }

  /** A whole number from 1 on; null when absent. */
  count(name: string): number | null {
    const value = this.get(name);
    if (value === undefined || value === null) return null;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
    this.fault('NOT_A_COUNT', name, `${shown(value)} is not a whole number of at least 1.`, 'whole numbers from 1');
    return null;
  }

  /** A whole number within bounds, which `unit` counts; null when absent. */
  whole(name: string, { min, max, unit }: { min: number; max: number; unit: string }): number | null {
    const value = this.get(name);
    if (value === undefined || value === null) return null;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    const allowed = `whole ${unit} from ${min} to ${max}`;
    this.fault('NOT_ALLOWED', name, `${shown(value)} is not a whole number from ${min} to ${max}.`, allowed);
    return null;
  }

  /** A percentage between 0 and 100 as an exact decimal text, in 10^-4 percent; null when absent. */
  percent(name: string): bigint | null {
    const value = this.get(name);
    if (value === undefined || value === null) return null;
    const parsed = typeof value === 'string' ? parseDecimal(value, percentDecimals) : null;
    if (parsed?.ok && parsed.value > 0n && parsed.value < hundredPercent) return parsed.value;
    const allowed = 'a percentage in quotes above 0 and below 100 with at most 4 decimals, e.g. "1.5"';
    this.fault('NOT_A_PERCENTAGE', name, `${shown(value)} is not such a percentage.`, allowed);
    return null;
  }

  /** An exact decimal text; a number is refused, because it may have lost digits on the way. */
  decimal<Value>(name: string, parse: (text: string) => { ok: true; value: Value } | { ok: false }): Value | null {
    const value = this.get(name);
    if (value === undefined) {
      this.fault('MISSING', name, `${name} is needed.`, 'a decimal in quotes, e.g. "0.001"');
      return null;
    }
    const parsed = typeof value === 'string' ? parse(value) : null;
    if (parsed?.ok) return parsed.value;
    this.fault(
      'NOT_A_DECIMAL',
      name,
      `${shown(value)} is not an exact decimal text.`,
      'a decimal in quotes, e.g. "0.001"',
    );
    return null;
  }

  fault(code: string, name: string, text: string, allowed: string): void {
    const next = allowed === '' ? 'Change it.' : `Use ${allowed}.`;
    this.faults.push({ code, field: `${this.path}/${name}`, text, allowed, next });
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: Json): string => JSON.stringify(value).slice(0, 60);

/** The nearest known name within three edits, for "did you mean". */
function nearest(name: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = 4;
  for (const candidate of known) {
    const distance = editDistance(name.slice(0, 40).toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
