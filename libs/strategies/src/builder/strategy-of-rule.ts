import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import {
  type BarDecider,
  type BarKernel,
  type BarStrategy,
  type Desk,
  defineBarStrategy,
  wishes,
} from '../bars/bar-strategy.js';
import { type Plot, plotOf } from '../bars/plots.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { Compiler, type NumberAt, type TruthAt, type Values } from './compile.js';
import { canonical } from './fingerprint.js';
import { BatchFrame, type Frame, StreamingFrame, type Watched } from './frame.js';
import { readRule } from './read-rule.js';
import { type Protection, type Rule, ruleBounds } from './rule.js';

/** A rule with the values of its parameters. */
interface Bound {
  readonly watched: Watched;
  readonly enter: TruthAt;
  readonly exit: TruthAt;
  /** Prices; null: none. */
  readonly stop: Guard | null;
  readonly takeProfit: Guard | null;
  readonly warmUp: number;
  readonly looksAtPosition: boolean;
  readonly faults: readonly ParameterFault[];
}

interface Guard {
  readonly price: NumberAt;
  /** Moves with the market while something is held; otherwise it stays where it was at the wish to enter. */
  readonly follows: boolean;
}

/**
 * A file of the builder as a strategy over bars, the same interface as one that is code: it is backtested, checked for bias, optimised
 * and run live as that. Where both are true, to exit counts.
 */
export function strategyOfFile(file: JsonObject): Result<BarStrategy, readonly ParameterFault[]> {
  const read = readRule(file);
  if (!read.ok) return read;
  const strategy = strategyOfRule(read.value);
  const started = strategy.configure({});
  if (started.ok) return ok(strategy);
  // What a parameter's default brings about is told at that default.
  const isParameter = (field: string) => Object.hasOwn(strategy.parameters, field.slice(1));
  return fail(
    started.error.map((fault) =>
      isParameter(fault.field) ? { ...fault, field: `/parameters${fault.field}/default` } : fault,
    ),
  );
}

function strategyOfRule(rule: Rule): BarStrategy {
  const { id, title, description, source, parameters } = rule;
  return defineBarStrategy({
    id,
    title,
    description,
    source,
    parameters,
    file: canonical(rule.file),
    check: (values) => bind(rule, values).faults,
    warmUp: (values) => bind(rule, values).warmUp,
    decider: (values) => deciderOf(bind(rule, values)),
    plots: (values) => plotsOf(bind(rule, values)),
    kernel: (values) => kernelOf(bind(rule, values)),
  });
}

function bind(rule: Rule, values: Values): Bound {
  const compiler = new Compiler(values);
  const [enter, exit] = [compiler.condition(rule.enter), compiler.condition(rule.exit)];
  const stop = guardOf(compiler, rule.stop, stopDistance);
  const takeProfit = guardOf(compiler, rule.takeProfit, takeProfitDistance);
  const { knownFrom, settledFrom, faults, looksAtPosition } = compiler;
  const asked = rule.warmUp === null ? settledFrom : compiler.constant(rule.warmUp);
  if (!(Number.isSafeInteger(asked) && asked >= 0 && asked <= ruleBounds.warmUp)) {
    const allowed = `a whole number from 0 to ${ruleBounds.warmUp}`;
    faults.push({
      code: 'NOT_ALLOWED',
      field: '/warmUp',
      text: `The warm-up comes to ${asked} bars.`,
      allowed,
      next: '',
    });
  }
  const looks = looksAtPosition || stop !== null || takeProfit !== null;
  return {
    watched: compiler,
    enter,
    exit,
    stop,
    takeProfit,
    warmUp: Math.max(knownFrom, asked),
    looksAtPosition: looks,
    faults,
  };
}

/** `sign`: 1 above the close, −1 below it. `max`: percent, beyond which nothing would be protected. */
const stopDistance = { at: '/stop/percent', sign: -1, max: 99 } as const;
const takeProfitDistance = { at: '/takeProfit/percent', sign: 1, max: 1_000_000 } as const;

/** Null: there is none, or it is zero percent away. */
function guardOf(
  compiler: Compiler,
  protection: Protection | null,
  { at, sign, max }: typeof stopDistance | typeof takeProfitDistance,
): Guard | null {
  if (protection === null) return null;
  if (protection.kind === 'price') return { price: compiler.operand(protection.price), follows: true };
  const percent = compiler.constant(protection.percent);
  if (percent === 0) return null;
  if (!(percent > 0 && percent <= max)) {
    const field = protection.percent.kind === 'parameter' ? `/${protection.percent.name}` : at;
    const allowed = `0 for none, or more than 0 to ${max} percent`;
    compiler.faults.push({
      code: 'NOT_ALLOWED',
      field,
      text: `${percent} percent protect nothing.`,
      allowed,
      next: '',
    });
    return null;
  }
  const share = 1 + (sign * percent) / 100;
  return { price: ({ close }) => close * share, follows: false };
}

function deciderOf({ watched, enter, exit, stop, takeProfit }: Bound): BarDecider {
  const frame = new StreamingFrame(watched);
  return {
    onClose(bar, desk) {
      frame.hear(bar, desk.held, desk.entryPrice);
      const leaves = exit(frame);
      const comes = !leaves && enter(frame);
      if (leaves) desk.exit();
      else if (comes) desk.enter();
      guard(stop, frame, comes, (price) => desk.stopAt(price));
      guard(takeProfit, frame, comes, (price) => desk.takeProfitAt(price));
    },
    snapshot: () => frame.snapshot(),
    restore: (snapshot) => frame.restore(snapshot),
  };
}

function guard(guard: Guard | null, frame: Frame, comes: boolean, put: Desk['stopAt']): void {
  if (guard === null) return;
  if (!(frame.held > 0 ? guard.follows : comes)) return;
  const price = guard.price(frame, 0);
  // What is no price, as three ranges below a price that has all but gone, leaves what stands.
  if (price > 0) put(price);
}

/** Whatever indicator a rule looks at, with the outputs that it looks at. */
const plotsOf = ({ watched: { sources, slots } }: Bound): readonly Plot[] =>
  sources.flatMap(({ indicator, parameters, of }, index) => {
    if (indicator === null) return [];
    const names = Object.keys(indicator.outputs);
    const outputs = [
      ...new Set(slots.filter(({ source }) => source === index).map(({ output }) => names[output] ?? '')),
    ];
    return [plotOf(indicator, parameters, { outputs, of })];
  });

function kernelOf({ watched, enter, exit, looksAtPosition }: Bound): BarKernel | null {
  if (looksAtPosition) return null;
  return (bars, into) => {
    const frame = new BatchFrame(watched, bars);
    for (let bar = 0; bar < bars.length; bar += 1) {
      frame.moveTo(bar);
      into[bar] = exit(frame) ? wishes.exit : enter(frame) ? wishes.enter : wishes.none;
    }
  };
}
