import { type Indicator, indicatorOf, indicators } from '@scalpstorm/indicators';
import { nearest } from '@scalpstorm/kernel';
import type { Json, JsonObject } from '@scalpstorm/model';
import { isTable } from '../bars/check-declared.js';
import { type BarField, barFields } from '../bars/indicator-columns.js';
import { type IndicatorOperand, type Operand, operators, positionValues, ruleBounds } from './rule.js';
import { escaped, type RuleReader, shown } from './rule-reader.js';

/** What may be read of a node: constants are known before the first bar; series are known of earlier bars, too. */
export type Reach = 'constant' | 'series' | 'any';

/** What an indicator may look at in a market of bars. */
const inputs: ReadonlySet<string> = new Set(['close', 'high', 'low', 'volume', 'session']);
const zero: Operand = { kind: 'number', value: 0 };
const kinds = ['indicator', 'bar', 'parameter', 'position', ...operators] as const;
type Kind = (typeof kinds)[number];

export interface Place {
  readonly at: string;
  readonly depth: number;
  readonly reach: Reach;
}

/** Null: it is wrong, and the reader was told why. */
export function readOperand(reader: RuleReader, value: Json | undefined, place: Place): Operand | null {
  const { at, depth, reach } = place;
  if (!reader.counts(at, depth)) return null;
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', value };
  const kind = isTable(value) ? kinds.find((one) => Object.hasOwn(value, one)) : undefined;
  if (kind === undefined) return noOperand(reader, value, at);
  const isReckoned = kind === 'parameter' || operators.some((one) => one === kind);
  if (reach === 'constant' && !isReckoned) {
    return reader.fault('NOT_ALLOWED', at, {
      text: `A value of ${kind} is not known before the first bar.`,
      allowed: 'a number or a parameter',
      next: '',
    });
  }
  if (reach === 'series' && kind === 'position') {
    return reader.fault('NOT_ALLOWED', at, {
      text: 'What the position was at the bar before is not known, so nothing crosses it.',
      allowed: 'numbers, parameters, bars and indicators',
      next: 'Compare with < or >.',
    });
  }
  return readKind(reader, value as JsonObject, kind, place);
}

function readKind(reader: RuleReader, value: JsonObject, kind: Kind, place: Place): Operand | null {
  const { at } = place;
  switch (kind) {
    case 'indicator':
      return readIndicator(reader, value, place);
    case 'bar': {
      const node = reader.object(value, at, ['bar', 'ago']);
      const field = reader.oneOf(node?.['bar'], `${at}/bar`, barFields);
      const ago = readAgo(reader, value, place);
      return field === null || ago === null ? null : { kind, field, ago, at };
    }
    case 'parameter':
      return readParameter(reader, value, at);
    case 'position': {
      reader.object(value, at, ['position']);
      const found = reader.oneOf(value['position'], `${at}/position`, positionValues);
      return found === null ? null : { kind, value: found };
    }
    default: {
      reader.object(value, at, [kind]);
      const sides = reader.list(value[kind], `${at}/${kind}`);
      if (sides !== null && sides.length !== 2) {
        return reader.fault('RULE_MALFORMED', `${at}/${kind}`, {
          text: `It has ${sides.length} values.`,
          allowed: 'two values',
          next: '',
        });
      }
      const [left, right] = [0, 1].map((index) =>
        sides === null
          ? null
          : readOperand(reader, sides[index], { ...place, at: `${at}/${kind}/${index}`, depth: place.depth + 1 }),
      );
      return left && right ? { kind: 'arithmetic', operator: kind, left, right } : null;
    }
  }
}

function noOperand(reader: RuleReader, value: Json | undefined, at: string): null {
  const [name = ''] = isTable(value) ? Object.keys(value) : [];
  const near = nearest(name, kinds);
  return reader.fault('RULE_MALFORMED', at, {
    text: `${shown(value)} is no value.`,
    allowed: `a number, or an object with one of ${kinds.join(', ')}`,
    next: near === null ? '' : `Did you mean ${near}?`,
  });
}

function readParameter(reader: RuleReader, value: JsonObject, at: string): Operand | null {
  reader.object(value, at, ['parameter']);
  const name = value['parameter'];
  if (typeof name === 'string' && reader.numbers.has(name)) return { kind: 'parameter', name };
  if (typeof name === 'string' && reader.parameters.has(name)) {
    return reader.fault('NOT_ALLOWED', `${at}/parameter`, {
      text: `${name} is no number.`,
      allowed: 'a parameter that is a number',
      next: '',
    });
  }
  const near = typeof name === 'string' ? nearest(name, [...reader.numbers]) : null;
  return reader.fault('UNKNOWN_PARAMETER', `${at}/parameter`, {
    text: `${shown(name)} is not declared.`,
    allowed: [...reader.numbers].join(', ') || 'no parameter: none is declared',
    next: near === null ? 'Declare it in /parameters.' : `Did you mean ${near}?`,
  });
}

function readAgo(reader: RuleReader, value: JsonObject, { at, depth }: Place): Operand | null {
  if (!Object.hasOwn(value, 'ago')) return zero;
  const ago = readOperand(reader, value['ago'], { at: `${at}/ago`, depth: depth + 1, reach: 'constant' });
  if (ago?.kind !== 'number' || isAgo(ago.value)) return ago;
  return reader.fault('NOT_ALLOWED', `${at}/ago`, {
    text: `${ago.value} bars ago is not known.`,
    allowed: `a whole number from 0 to ${ruleBounds.ago}`,
    next: '',
  });
}

export const isAgo = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= ruleBounds.ago;

function readIndicator(reader: RuleReader, value: JsonObject, place: Place): Operand | null {
  const { at } = place;
  reader.object(value, at, ['indicator', 'with', 'output', 'of', 'ago']);
  const usable = indicators.filter(({ inputs: wanted }) => wanted.every((name) => inputs.has(name)));
  const indicator = indicatorOf(
    String(
      reader.oneOf(
        value['indicator'],
        `${at}/indicator`,
        usable.map(({ id }) => id),
      ),
    ),
  );
  const ago = readAgo(reader, value, place);
  if (indicator === undefined) return null;
  const outputs = Object.keys(indicator.outputs);
  const output =
    value['output'] === undefined ? (outputs[0] ?? '') : reader.oneOf(value['output'], `${at}/output`, outputs);
  const of = readOf(reader, value, indicator, at);
  const parameters = readWith(reader, value['with'], indicator, place);
  if (output === null || ago === null || of === null || parameters === null) return null;
  return { kind: 'indicator', indicator: indicator.id, parameters, output, of, ago, at };
}

function readOf(reader: RuleReader, value: JsonObject, { id, inputs: wanted }: Indicator, at: string): BarField | null {
  if (value['of'] === undefined) return 'close';
  if (wanted.length === 1 && wanted[0] === 'close') return reader.oneOf(value['of'], `${at}/of`, barFields);
  return reader.fault('NOT_ALLOWED', `${at}/of`, {
    text: `${id} looks at ${wanted.join(', ')}.`,
    allowed: 'nothing here',
    next: 'Remove of.',
  });
}

function readWith(
  reader: RuleReader,
  value: Json | undefined,
  indicator: Indicator,
  { at, depth }: Place,
): IndicatorOperand['parameters'] | null {
  if (value === undefined) return {};
  const where = `${at}/with`;
  const given = reader.object(value, where, Object.keys(indicator.parameters));
  if (given === null) return null;
  const read: Record<string, Operand | string> = {};
  for (const [name, one] of Object.entries(given)) {
    const declared = indicator.parameters[name];
    if (declared === undefined) continue;
    const here = `${where}/${escaped(name)}`;
    const operand =
      declared.kind === 'choice'
        ? reader.oneOf(one, here, declared.choices)
        : readOperand(reader, one, { at: here, depth: depth + 1, reach: 'constant' });
    if (operand !== null) read[name] = operand;
  }
  const numbers = Object.entries(read).flatMap(([name, one]) =>
    typeof one === 'string' ? [[name, one]] : one.kind === 'number' ? [[name, one.value]] : [],
  );
  const checked = indicator.check(Object.fromEntries(numbers));
  // What comes of the rule's parameters is looked at when they are known.
  for (const { parameter, text, allowed } of checked.ok ? [] : checked.error) {
    const isAlone = Object.keys(read).length === numbers.length || numbers.some(([name]) => name === parameter);
    if (isAlone && Object.hasOwn(indicator.parameters, parameter))
      reader.fault('NOT_ALLOWED', `${where}/${parameter}`, { text: `${text}.`, allowed, next: '' });
  }
  return read;
}
