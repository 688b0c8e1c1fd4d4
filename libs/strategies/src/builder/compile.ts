import { indicatorOf } from '@scalpstorm/indicators';
import { assert, unreachable } from '@scalpstorm/kernel';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import type { Frame, Slot, Source, Watched } from './frame.js';
import { isAgo } from './read-operand.js';
import {
  type Comparison,
  type Condition,
  type IndicatorOperand,
  type Operand,
  type Operator,
  type PositionValue,
  ruleBounds,
} from './rule.js';

export type Values = Readonly<Record<string, number | string | boolean>>;
/** @param shift 1: as it was at the bar before */
export type NumberAt = (frame: Frame, shift: number) => number;
export type TruthAt = (frame: Frame) => boolean;

const minuteMicros = 60e6;
const dayMinutes = 1_440;
/** Recursive averages never forget wholly how they began; after so many times their periods it is less than a hundredth. */
const settleTimes = 5;
const recursive: ReadonlySet<string> = new Set([
  'ema',
  'macd',
  'rsi',
  'atr',
  'adx',
  'stoch-rsi',
  'supertrend',
  'keltner',
]);

/** Turns a rule with the values of its parameters into functions, and finds out what they watch. */
export class Compiler implements Watched {
  readonly sources: Source[] = [];
  readonly slots: Slot[] = [];
  readonly faults: ParameterFault[] = [];
  /** The first bar at which everything that is watched is known, and the first at which it has settled. */
  knownFrom = 0;
  settledFrom = 0;
  looksAtPosition = false;
  private readonly places = new Map<string, number>();

  constructor(private readonly values: Values) {}

  /** Of an operand that was read as a constant. */
  constant(operand: Operand): number {
    if (operand.kind === 'number') return operand.value;
    if (operand.kind === 'parameter') return Number(this.values[operand.name]);
    assert(operand.kind === 'arithmetic', `${operand.kind} is no constant`);
    return reckoned[operand.operator](this.constant(operand.left), this.constant(operand.right));
  }

  operand(operand: Operand, shift = 0): NumberAt {
    switch (operand.kind) {
      case 'number':
      case 'parameter': {
        const value = this.constant(operand);
        return () => value;
      }
      case 'bar': {
        const source = { indicator: null, parameters: {}, of: operand.field };
        return this.watch(source, 0, this.ago(operand.ago, operand.at), { shift, settle: 0 });
      }
      case 'indicator':
        return this.indicator(operand, shift);
      case 'position':
        this.looksAtPosition = true;
        return positionOf[operand.value];
      case 'arithmetic': {
        const [left, right] = [this.operand(operand.left, shift), this.operand(operand.right, shift)];
        const reckon = reckoned[operand.operator];
        return (frame, at) => reckon(left(frame, at), right(frame, at));
      }
      default:
        return unreachable(operand);
    }
  }

  condition(condition: Condition): TruthAt {
    switch (condition.kind) {
      case 'all': {
        const parts = condition.conditions.map((one) => this.condition(one));
        return (frame) => parts.every((part) => part(frame));
      }
      case 'any': {
        const parts = condition.conditions.map((one) => this.condition(one));
        return (frame) => parts.some((part) => part(frame));
      }
      case 'not': {
        const part = this.condition(condition.condition);
        return (frame) => !part(frame);
      }
      case 'compare': {
        const shift = condition.is.startsWith('crosses') ? 1 : 0;
        const [left, right] = [this.operand(condition.left, shift), this.operand(condition.right, shift)];
        const compare = compared[condition.is];
        return (frame) => compare(left, right, frame);
      }
      case 'within': {
        const [value, low, high] = [condition.value, condition.low, condition.high].map((one) => this.operand(one)) as [
          NumberAt,
          NumberAt,
          NumberAt,
        ];
        return (frame) => {
          const now = value(frame, 0);
          return now >= low(frame, 0) && now <= high(frame, 0);
        };
      }
      case 'time':
        return (frame) => isWithin(condition, frame.openedAt);
      case 'position':
        this.looksAtPosition = true;
        return condition.is === 'long' ? ({ held }) => held > 0 : ({ held }) => !(held > 0);
      default:
        return unreachable(condition);
    }
  }

  private indicator({ indicator: id, parameters, output, of, ago, at }: IndicatorOperand, shift: number): NumberAt {
    const indicator = indicatorOf(id);
    assert(indicator !== undefined, `there is no indicator ${id}`);
    const given = Object.entries(parameters).map(([name, one]) => [
      name,
      typeof one === 'string' ? one : this.constant(one),
    ]);
    const checked = indicator.check(Object.fromEntries(given));
    if (!checked.ok) {
      for (const { parameter, text, allowed } of checked.error) {
        const from = parameters[parameter];
        const isGiven = typeof from === 'object' && from.kind === 'parameter';
        const field = isGiven ? `/${from.name}` : `${at}/with/${parameter}`;
        this.faults.push({ code: 'NOT_ALLOWED', field, text: `${id} at ${at}: ${text}.`, allowed, next: '' });
      }
      return () => Number.NaN;
    }
    const periods = Object.values(checked.value).filter(
      (value) => typeof value === 'number' && Number.isInteger(value),
    );
    const settle = recursive.has(id) ? settleTimes * periods.reduce((sum: number, one) => sum + Number(one), 0) : 0;
    const known = indicator.warmUp(checked.value) - 1;
    const source = { indicator, parameters: checked.value, of };
    return this.watch(source, Object.keys(indicator.outputs).indexOf(output), this.ago(ago, at), {
      shift,
      known,
      settle,
    });
  }

  private ago(operand: Operand, at: string): number {
    const ago = this.constant(operand);
    if (isAgo(ago)) return ago;
    const field = operand.kind === 'parameter' ? `/${operand.name}` : `${at}/ago`;
    const allowed = `a whole number from 0 to ${ruleBounds.ago}`;
    this.faults.push({ code: 'NOT_ALLOWED', field, text: `${ago} bars ago is not known.`, allowed, next: '' });
    return 0;
  }

  private watch(
    source: Source,
    output: number,
    ago: number,
    { shift, known = 0, settle }: { readonly shift: number; readonly known?: number; readonly settle: number },
  ): NumberAt {
    const reach = ago + shift;
    this.knownFrom = Math.max(this.knownFrom, known + reach);
    this.settledFrom = Math.max(this.settledFrom, known + reach, settle + reach);
    const index = this.slotOf(this.sourceOf(source), output, reach);
    return (frame, at) => frame.read(index, ago + at);
  }

  /** The same indicator with the same parameters is watched once, however often it is named. */
  private sourceOf(source: Source): number {
    const name = JSON.stringify([source.indicator?.id ?? null, source.parameters, source.of]);
    const index = this.places.get(name) ?? this.sources.push(source) - 1;
    this.places.set(name, index);
    return index;
  }

  private slotOf(source: number, output: number, reach: number): number {
    const index = this.slots.findIndex((slot) => slot.source === source && slot.output === output);
    const slot = this.slots[index];
    if (slot === undefined) return this.slots.push({ source, output, reach }) - 1;
    slot.reach = Math.max(slot.reach, reach);
    return index;
  }
}

const reckoned: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  add: (left, right) => left + right,
  subtract: (left, right) => left - right,
  multiply: (left, right) => left * right,
  // By nothing it is not known, so that no comparison with it is true.
  divide: (left, right) => (right === 0 ? Number.NaN : left / right),
};

type Compare = (left: NumberAt, right: NumberAt, frame: Frame) => boolean;

/** A comparison with what is not known is false. */
const compared: Readonly<Record<Comparison, Compare>> = {
  '<': (left, right, frame) => left(frame, 0) < right(frame, 0),
  '<=': (left, right, frame) => left(frame, 0) <= right(frame, 0),
  '>': (left, right, frame) => left(frame, 0) > right(frame, 0),
  '>=': (left, right, frame) => left(frame, 0) >= right(frame, 0),
  'crosses-above': (left, right, frame) => left(frame, 1) <= right(frame, 1) && left(frame, 0) > right(frame, 0),
  'crosses-below': (left, right, frame) => left(frame, 1) >= right(frame, 1) && left(frame, 0) < right(frame, 0),
};

const positionOf: Readonly<Record<PositionValue, NumberAt>> = {
  'entry-price': ({ entryPrice }) => entryPrice,
  'bars-held': ({ barsHeld }) => barsHeld,
  'profit-percent': ({ close, entryPrice }) => 100 * (close / entryPrice - 1),
};

/** 1 January 1970 was a Thursday. */
const epochWeekday = 4;

function isWithin({ from, to, weekdays }: Extract<Condition, { kind: 'time' }>, openedAt: number): boolean {
  const minutes = Math.floor(openedAt / minuteMicros);
  const ofDay = minutes % dayMinutes;
  const weekday = (Math.floor(minutes / dayMinutes) + epochWeekday) % 7;
  // A window that passes midnight belongs, day by day, to the day that it is.
  const isOpen = from <= to ? ofDay >= from && ofDay < to : ofDay >= from || ofDay < to;
  return isOpen && weekdays.includes(weekday);
}
