import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { Json, JsonObject } from '@scalpstorm/model';
import { declaredFaults, isTable } from '../bars/check-declared.js';
import type { DeclaredParameters } from '../bars/declared-parameters.js';
import { isStrategyId, strategyIdAllowed } from '../bars/strategy-of-module.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { readCondition } from './read-condition.js';
import { readOperand } from './read-operand.js';
import { type Protection, type Rule, ruleBounds, ruleFormat } from './rule.js';
import { RuleReader, shown } from './rule-reader.js';

const fields = [
  'format',
  'id',
  'title',
  'description',
  'source',
  'parameters',
  'enter',
  'exit',
  'stop',
  'takeProfit',
  'warmUp',
];
const required = ['id', 'title', 'description', 'enter', 'exit'];

/** Reads a file of the builder strictly: every fault at once, each with the JSON pointer of its node. */
export function readRule(file: JsonObject): Result<Rule, readonly ParameterFault[]> {
  const size = JSON.stringify(file).length;
  if (size > ruleBounds.characters) {
    const text = `It has ${size} characters.`;
    return fail([
      {
        code: 'RULE_TOO_LARGE',
        field: '',
        text,
        allowed: `at most ${ruleBounds.characters}`,
        next: 'Say it with less.',
      },
    ]);
  }
  const declared = isTable(file['parameters']) ? (file['parameters'] as unknown as DeclaredParameters) : {};
  const ofNumbers = Object.entries(declared).filter(([, one]) => one?.kind === 'integer' || one?.kind === 'number');
  const reader = new RuleReader(new Set(Object.keys(declared)), new Set(ofNumbers.map(([name]) => name)));
  if (file['format'] !== ruleFormat) {
    reader.fault('RULE_FORMAT_UNKNOWN', '/format', {
      text: `${shown(file['format'])} stands here.`,
      allowed: String(ruleFormat),
      next: `Write "format": ${ruleFormat}, or read it with the platform that wrote it.`,
    });
    return fail(reader.faults);
  }
  reader.object(file, '', fields, required);
  const id = file['id'];
  if (id !== undefined && !(typeof id === 'string' && isStrategyId(id))) {
    reader.fault('NOT_ALLOWED', '/id', { text: `${shown(id)} is no id.`, allowed: strategyIdAllowed, next: '' });
  }
  const rule = {
    id: String(id),
    title: textOf(reader, file, 'title'),
    description: textOf(reader, file, 'description'),
    source: file['source'] === undefined ? 'A file of the strategy builder.' : textOf(reader, file, 'source'),
    parameters: declared,
    enter: conditionOf(reader, file, 'enter'),
    exit: conditionOf(reader, file, 'exit'),
    stop: protectionOf(reader, file['stop'], '/stop'),
    takeProfit: protectionOf(reader, file['takeProfit'], '/takeProfit'),
    warmUp:
      file['warmUp'] === undefined
        ? null
        : readOperand(reader, file['warmUp'], { at: '/warmUp', depth: 1, reach: 'constant' }),
    file,
  };
  const faults = [
    ...(file['parameters'] === undefined ? [] : declaredFaults(file['parameters'], '/parameters')),
    ...reader.faults,
  ];
  const { enter, exit } = rule;
  return faults.length > 0 || enter === null || exit === null ? fail(faults) : ok({ ...rule, enter, exit });
}

const textOf = (reader: RuleReader, file: JsonObject, name: string): string =>
  file[name] === undefined ? '' : reader.text(file[name], `/${name}`);

const conditionOf = (reader: RuleReader, file: JsonObject, name: string) =>
  file[name] === undefined ? null : readCondition(reader, file[name], `/${name}`, 1);

function protectionOf(reader: RuleReader, value: Json | undefined, at: string): Protection | null {
  if (value === undefined) return null;
  const node = reader.object(value, at, ['percent', 'price']);
  if (node === null) return null;
  const [kind, ...more] = (['percent', 'price'] as const).filter((name) => Object.hasOwn(node, name));
  if (kind === undefined || more.length > 0) {
    return reader.fault('RULE_MALFORMED', at, {
      text: 'It names not one distance.',
      allowed: 'percent or price',
      next: '',
    });
  }
  const reach = kind === 'percent' ? 'constant' : 'any';
  const operand = readOperand(reader, node[kind], { at: `${at}/${kind}`, depth: 1, reach });
  if (operand === null) return null;
  return kind === 'percent' ? { kind, percent: operand } : { kind, price: operand };
}
