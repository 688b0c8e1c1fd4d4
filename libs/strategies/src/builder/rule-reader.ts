import { nearest } from '@scalpstorm/kernel';
import type { Json, JsonObject } from '@scalpstorm/model';
import { isTable } from '../bars/check-declared.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { ruleBounds } from './rule.js';

/** More than this nobody reads. */
const faultsMax = 50;

/** Walks a rule node by node and gathers every fault with the pointer of its node. */
export class RuleReader {
  readonly faults: ParameterFault[] = [];
  private nodes = 0;

  constructor(
    readonly parameters: ReadonlySet<string>,
    /** Of the parameters that are numbers: only they can be reckoned with. */
    readonly numbers: ReadonlySet<string>,
  ) {}

  /** Null, so that whoever reads gives it back at once. */
  fault(code: string, field: string, { text, allowed, next = '' }: Omit<ParameterFault, 'code' | 'field'>): null {
    if (this.faults.length < faultsMax) this.faults.push({ code, field, text, allowed, next });
    return null;
  }

  /** Counts a node. False: there are too many, or they lie too deep. */
  counts(at: string, depth: number): boolean {
    this.nodes += 1;
    if (depth > ruleBounds.depth) {
      this.fault('RULE_TOO_LARGE', at, {
        text: `Conditions and values are nested ${depth} deep here.`,
        allowed: `at most ${ruleBounds.depth}`,
        next: 'Flatten it: all and any take lists.',
      });
      return false;
    }
    if (this.nodes === ruleBounds.nodes + 1) {
      this.fault('RULE_TOO_LARGE', '', {
        text: `It has more than ${ruleBounds.nodes} conditions and values.`,
        allowed: `at most ${ruleBounds.nodes}`,
        next: 'Say it with less.',
      });
    }
    return this.nodes <= ruleBounds.nodes;
  }

  /** An object with no field but these, or null with its faults told. */
  object(
    value: Json | undefined,
    at: string,
    fields: readonly string[],
    required: readonly string[] = [],
  ): JsonObject | null {
    if (!isTable(value)) {
      return this.fault('RULE_MALFORMED', at, {
        text: `${shown(value)} stands here.`,
        allowed: `an object with ${fields.join(', ')}`,
        next: '',
      });
    }
    const object = value as JsonObject;
    for (const name of Object.keys(object))
      if (!fields.includes(name)) this.unknown(name, `${at}/${escaped(name)}`, fields);
    const missing = required.filter((name) => !Object.hasOwn(object, name));
    for (const name of missing) {
      this.fault('RULE_MALFORMED', `${at}/${name}`, {
        text: `${name} is missing.`,
        allowed: fields.join(', '),
        next: `Add ${name}.`,
      });
    }
    return missing.length > 0 ? null : object;
  }

  unknown(name: string, at: string, known: readonly string[]): null {
    const near = nearest(name, known);
    const next = near === null ? 'Remove it.' : `Did you mean ${near}?`;
    return this.fault('UNKNOWN_FIELD', at, { text: `There is no ${name} here.`, allowed: known.join(', '), next });
  }

  oneOf<Choice extends string>(value: Json | undefined, at: string, choices: readonly Choice[]): Choice | null {
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    const near = typeof value === 'string' ? nearest(value, choices) : null;
    const next = near === null ? '' : `Did you mean ${near}?`;
    return this.fault('NOT_ALLOWED', at, {
      text: `${shown(value)} stands here.`,
      allowed: `one of ${choices.join(', ')}`,
      next,
    });
  }

  list(value: Json | undefined, at: string): readonly Json[] | null {
    if (Array.isArray(value) && value.length > 0 && value.length <= ruleBounds.listed) return value;
    const text = Array.isArray(value) ? `The list has ${value.length} entries.` : `${shown(value)} stands here.`;
    return this.fault('RULE_MALFORMED', at, { text, allowed: `a list of 1 to ${ruleBounds.listed} entries`, next: '' });
  }

  text(value: Json | undefined, at: string): string {
    if (typeof value === 'string' && value.trim() !== '' && value.length <= ruleBounds.text) return value;
    this.fault('RULE_MALFORMED', at, {
      text: `${shown(value)} stands here.`,
      allowed: `a text of 1 to ${ruleBounds.text} characters`,
      next: '',
    });
    return '';
  }
}

export const shown = (value: unknown): string =>
  value === undefined ? 'Nothing' : (JSON.stringify(value) ?? 'Something').slice(0, 60);

/** A name as a part of a JSON pointer (RFC 6901). */
export const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
