import type { JsonObject } from '@scalpstorm/model';
import type { DeclaredParameters } from '../bars/declared-parameters.js';
import type { BarField } from '../bars/indicator-columns.js';

/** The version of the file's form that is written; readers refuse every other one. */
export const ruleFormat = 1;

/** Everything that a file may ask for is bounded. */
export const ruleBounds = {
  characters: 65_536,
  nodes: 400,
  depth: 12,
  listed: 40,
  ago: 1_000,
  warmUp: 1_000_000,
  text: 1_000,
} as const;

export const positionValues = ['entry-price', 'bars-held', 'profit-percent'] as const;
export type PositionValue = (typeof positionValues)[number];

export const operators = ['add', 'subtract', 'multiply', 'divide'] as const;
export type Operator = (typeof operators)[number];

export const comparisons = ['<', '<=', '>', '>=', 'crosses-above', 'crosses-below'] as const;
export type Comparison = (typeof comparisons)[number];

export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** A number at a bar. `at` is where it stands in the file, as JSON pointer. */
export type Operand =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'bar'; readonly field: BarField; readonly ago: Operand; readonly at: string }
  | IndicatorOperand
  | { readonly kind: 'position'; readonly value: PositionValue }
  | { readonly kind: 'arithmetic'; readonly operator: Operator; readonly left: Operand; readonly right: Operand };

export interface IndicatorOperand {
  readonly kind: 'indicator';
  readonly indicator: string;
  /** Numbers, choices and what the rule's own parameters give. */
  readonly parameters: Readonly<Record<string, Operand | string>>;
  readonly output: string;
  /** What takes the place of the close where that is all that it looks at. */
  readonly of: BarField;
  readonly ago: Operand;
  readonly at: string;
}

export type Condition =
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly is: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'within'; readonly value: Operand; readonly low: Operand; readonly high: Operand }
  /** Of the time at which the bar opened, UTC; minutes of the day, `from` included and `to` not. */
  | { readonly kind: 'time'; readonly from: number; readonly to: number; readonly weekdays: readonly number[] }
  | { readonly kind: 'position'; readonly is: 'long' | 'flat' };

/** A stop or a take-profit: so many percent from the close at which it wants to enter, or a price that follows the market. */
export type Protection =
  | { readonly kind: 'percent'; readonly percent: Operand }
  | { readonly kind: 'price'; readonly price: Operand };

/** Conditions as data: what a file of the builder says, read and found good. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  readonly parameters: DeclaredParameters;
  readonly enter: Condition;
  readonly exit: Condition;
  readonly stop: Protection | null;
  readonly takeProfit: Protection | null;
  /** Bars; null: what its indicators need. */
  readonly warmUp: Operand | null;
  /** The file's own text, as it is exported. */
  readonly file: JsonObject;
}
