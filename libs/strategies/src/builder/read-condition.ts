import { nearest } from '@scalpstorm/kernel';
import type { Json, JsonObject } from '@scalpstorm/model';
import { isTable } from '../bars/check-declared.js';
import { readOperand } from './read-operand.js';
import { type Condition, comparisons, type Operand, weekdays } from './rule.js';
import { type RuleReader, shown } from './rule-reader.js';

const kinds = ['all', 'any', 'not', 'is', 'time', 'position'] as const;
const dayMinutes = 1_440;

/** Null: it is wrong, and the reader was told why. */
export function readCondition(
  reader: RuleReader,
  value: Json | undefined,
  at: string,
  depth: number,
): Condition | null {
  if (!reader.counts(at, depth)) return null;
  const kind = isTable(value) ? kinds.find((one) => Object.hasOwn(value, one)) : undefined;
  if (kind === undefined) {
    const names = isTable(value) ? Object.keys(value) : [];
    const near = names.map((name) => nearest(name, kinds)).find((found) => found !== null);
    return reader.fault('RULE_MALFORMED', at, {
      text: `${shown(value)} is no condition.`,
      allowed: 'an object with one of all, any, not, is (with left and right), time, position',
      next: near === undefined ? '' : `Did you mean ${near}?`,
    });
  }
  const node = value as JsonObject;
  switch (kind) {
    case 'all':
    case 'any': {
      reader.object(node, at, [kind]);
      const read = reader
        .list(node[kind], `${at}/${kind}`)
        ?.map((one, index) => readCondition(reader, one, `${at}/${kind}/${index}`, depth + 1));
      const conditions = read?.filter((one) => one !== null) ?? [];
      return conditions.length === read?.length ? { kind, conditions } : null;
    }
    case 'not': {
      reader.object(node, at, ['not']);
      const condition = readCondition(reader, node['not'], `${at}/not`, depth + 1);
      return condition === null ? null : { kind, condition };
    }
    case 'is':
      return readComparison(reader, node, at, depth);
    case 'time':
      reader.object(node, at, ['time']);
      return readTime(reader, node['time'], `${at}/time`);
    case 'position': {
      reader.object(node, at, ['position']);
      const is = reader.oneOf(node['position'], `${at}/position`, ['long', 'flat']);
      return is === null ? null : { kind, is };
    }
  }
}

function readComparison(reader: RuleReader, node: JsonObject, at: string, depth: number): Condition | null {
  const is = reader.oneOf(node['is'], `${at}/is`, [...comparisons, 'within']);
  if (is === null) return null;
  const names = is === 'within' ? ['value', 'low', 'high'] : ['left', 'right'];
  if (reader.object(node, at, ['is', ...names], names) === null) return null;
  const reach = is.startsWith('crosses') ? 'series' : 'any';
  const operands = names.map((name) =>
    readOperand(reader, node[name], { at: `${at}/${name}`, depth: depth + 1, reach }),
  );
  if (operands.some((one) => one === null)) return null;
  const [first, second, third] = operands as [Operand, Operand, Operand];
  return is === 'within'
    ? { kind: is, value: first, low: second, high: third }
    : { kind: 'compare', is, left: first, right: second };
}

function readTime(reader: RuleReader, value: Json | undefined, at: string): Condition | null {
  const node = reader.object(value, at, ['from', 'to', 'weekdays']);
  if (node === null) return null;
  if (Object.keys(node).length === 0) {
    return reader.fault('RULE_MALFORMED', at, {
      text: 'It names no time.',
      allowed: 'from and to as HH:MM of UTC, weekdays',
      next: '',
    });
  }
  const from = node['from'] === undefined ? 0 : readMinutes(reader, node['from'], `${at}/from`);
  const to = node['to'] === undefined ? dayMinutes : readMinutes(reader, node['to'], `${at}/to`);
  const days = node['weekdays'] === undefined ? [...weekdays] : reader.list(node['weekdays'], `${at}/weekdays`);
  const read = days?.map((day, index) => reader.oneOf(day, `${at}/weekdays/${index}`, weekdays));
  const known = read?.filter((day) => day !== null) ?? [];
  if (from === null || to === null || known.length !== read?.length) return null;
  return { kind: 'time', from, to, weekdays: known.map((day) => weekdays.indexOf(day)) };
}

function readMinutes(reader: RuleReader, value: Json, at: string): number | null {
  const [, hours, minutes] = (typeof value === 'string' ? /^(\d\d):([0-5]\d)$/.exec(value) : null) ?? [];
  const read = Number(hours) * 60 + Number(minutes);
  if (read <= dayMinutes) return read;
  return reader.fault('NOT_ALLOWED', at, {
    text: `${shown(value)} is no time.`,
    allowed: 'HH:MM of UTC, from 00:00 to 24:00',
    next: '',
  });
}
