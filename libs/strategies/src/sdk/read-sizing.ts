import type { Sizing, SizingCaps } from '@scalpstorm/engine';
import { type Instrument, type JsonObject, Money, parseDecimal, type Quantity } from '@scalpstorm/model';
import { isObject, ParameterReader, shown } from './reader.js';
import { atrMultipleMax, kellyCycles, kellyStart } from './sizing-schema.js';

/** How entries are sized; what `quantity` caps is the caller's. */
export interface SizingRule {
  readonly sizing: Sizing;
  readonly caps: Omit<SizingCaps, 'quantity'>;
  /** How many of the newest finished cycles count as evidence; zero where none are needed. */
  readonly evidence: number;
  /** The parameters that make a cycle what it comes to: evidence of others is none. Empty where none is needed. */
  readonly evidenceOf: string;
}

export const fixedSize: SizingRule = {
  sizing: { kind: 'fixed' },
  caps: { notional: null, equityPercent: null },
  evidence: 0,
  evidenceOf: '',
};

/** What changes how large, how often and how many cycles are, and not what one of them comes to in relation to its size. */
const indifferent = [
  'quantity',
  'sizing',
  'loop',
  'maxCycles',
  'coolDownSeconds',
  'afterStopLoss',
  'leverage',
] as const;

/** Each way by the name that only it has. */
const ways = ['fixed', 'notional', 'equityPercent', 'riskPercent', 'atrPercent', 'kellyPercent'] as const;
type Way = (typeof ways)[number];

const allowed =
  '{"fixed":"quantity"}, {"notional":"100"}, {"equityPercent":"10"}, {"riskPercent":"1"}, ' +
  '{"atrPercent":"1","atrMultiple":"2"} or {"kellyPercent":"50","equityPercentMax":"20"}';

/** The parameter `sizing`; the fixed quantity where there is none, or where it is wrong, which the reader has as a fault. */
export function readSizing(reader: ParameterReader, instrument: Instrument): SizingRule {
  const value = reader.get('sizing');
  if (value === undefined || value === null) return fixedSize;
  const named = isObject(value) ? ways.filter((way) => way in value) : [];
  const [way, ...others] = named;
  if (!isObject(value) || way === undefined || others.length > 0) {
    const text =
      named.length > 1 ? `${named.join(' and ')} are different ways.` : `${shown(value)} is no way to size an entry.`;
    reader.fault('NOT_A_SIZING', 'sizing', text, allowed);
    return fixedSize;
  }
  const inner = new ParameterReader(value, '/sizing');
  const rule = ruleOf(way, inner, value, instrument);
  reader.faults.push(...inner.faults);
  return rule.evidence === 0 ? rule : { ...rule, evidenceOf: reader.besides(indifferent) };
}

function ruleOf(way: Way, inner: ParameterReader, value: JsonObject, instrument: Instrument): SizingRule {
  inner.onlyFields([...namesOf[way], ...(way === 'fixed' ? [] : ['notionalMax', 'equityPercentMax'])]);
  if (way === 'fixed') {
    inner.oneOf('fixed', ['quantity'], 'quantity');
    return fixedSize;
  }
  const percent = way === 'notional' ? 0n : needed(inner, way);
  const caps = {
    notional:
      value['notionalMax'] === undefined || value['notionalMax'] === null
        ? null
        : money(inner, 'notionalMax', instrument),
    equityPercent: way === 'kellyPercent' ? needed(inner, 'equityPercentMax') : inner.percent('equityPercentMax'),
  };
  const evidence = way === 'kellyPercent' ? (inner.whole('kellyCycles', kellyCycles) ?? kellyCycles.absent) : 0;
  return { sizing: sizingOf(way, percent, inner, instrument), caps, evidence, evidenceOf: '' };
}

const namesOf: Record<Way, readonly string[]> = {
  fixed: ['fixed'],
  notional: ['notional'],
  equityPercent: ['equityPercent'],
  riskPercent: ['riskPercent'],
  atrPercent: ['atrPercent', 'atrMultiple'],
  kellyPercent: ['kellyPercent', 'startPercent', 'kellyCycles'],
};

function sizingOf(way: Exclude<Way, 'fixed'>, percent: bigint, inner: ParameterReader, instrument: Instrument): Sizing {
  switch (way) {
    case 'notional':
      return { kind: 'notional', notional: money(inner, 'notional', instrument) };
    case 'equityPercent':
      return { kind: 'equity', percent };
    case 'riskPercent':
      return { kind: 'risk', percent };
    case 'atrPercent':
      return { kind: 'atr', percent, multiple: multipleOf(inner) };
    case 'kellyPercent':
      return { kind: 'kelly', percent, start: inner.percent('startPercent') ?? unitsOf(kellyStart) };
  }
}

/** Percentages count 10^-4 percent. */
function needed(inner: ParameterReader, name: string): bigint {
  const value = inner.get(name);
  if (value === undefined || value === null) {
    inner.fault('MISSING', name, `${name} is needed.`, 'a percentage in quotes above 0 and below 100, e.g. "1"');
    return 0n;
  }
  return inner.percent(name) ?? 0n;
}

function money(inner: ParameterReader, name: string, { notionalMin, venue, quote }: Instrument): bigint {
  const amount = inner.decimal(name, (text) => Money.parse(text, quote))?.amount ?? null;
  if (amount === null || amount >= notionalMin.amount) return amount ?? 0n;
  const least = `${Money.format(notionalMin)} ${quote}`;
  const text = `${venue} takes no order that is worth less than ${least}.`;
  inner.fault('NOTIONAL_BELOW_MINIMUM', name, text, `at least ${least}`);
  return amount;
}

function multipleOf(inner: ParameterReader): bigint {
  const units = inner.decimal('atrMultiple', (text) => parseDecimal(text, 4)) ?? 0n;
  const within = units > 0n && units <= unitsOf(String(atrMultipleMax));
  if (!within && inner.get('atrMultiple') !== undefined && inner.faults.length === 0) {
    const text = `${shown(inner.get('atrMultiple') ?? null)} average true ranges are out of bounds.`;
    inner.fault('NOT_ALLOWED', 'atrMultiple', text, `a decimal in quotes above 0 and at most ${atrMultipleMax}`);
  }
  return units;
}

function unitsOf(text: string): bigint {
  const parsed = parseDecimal(text, 4);
  return parsed.ok ? parsed.value : 0n;
}

/** The rule with what caps it in base. */
export const cappedBy = ({ caps }: SizingRule, quantity: Quantity): SizingCaps => ({ ...caps, quantity });
