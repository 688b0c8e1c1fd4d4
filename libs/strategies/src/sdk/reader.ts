import { nearest } from '@scalpstorm/kernel';
import { type Json, type JsonObject, parseDecimal } from '@scalpstorm/model';
import type { ParameterFault } from './parameter-fault.js';

const percentDecimals = 4;
/** In 10^-4 percent, as `percent` gives them. */
export const hundredPercent = 100n * 10n ** BigInt(percentDecimals);

/** What is counted is counted exactly up to here. */
export const countMax = Number.MAX_SAFE_INTEGER;

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

  /** All that is given but these, in one text that is the same in whatever order it was given. */
  besides(names: readonly string[]): string {
    const given = Object.entries(this.parameters).filter(([name, value]) => value !== null && !names.includes(name));
    return JSON.stringify(given.toSorted(([left], [right]) => (left < right ? -1 : 1)));
  }

  oneOf<Choice extends Json>(name: string, choices: readonly Choice[], absent: Choice): Choice {
    const value = this.get(name);
    if (value === undefined) return absent;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    this.fault('NOT_ALLOWED', name, `${shown(value)} is not one of the choices.`, choices.map(String).join(', '));
    return absent;
  }

  /** A whole number from 1 to `countMax`; null when absent. */
  count(name: string): number | null {
    const value = this.get(name);
    if (value === undefined || value === null) return null;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
    const text = `${shown(value)} is not a whole number from 1 to ${countMax}.`;
    this.fault('NOT_A_COUNT', name, text, `whole numbers from 1 to ${countMax}`);
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

export const shown = (value: Json): string => JSON.stringify(value).slice(0, 60);
