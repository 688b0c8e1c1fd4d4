import type { JsonObject } from '@scalpstorm/model';
import { initialState, type ScalpingState } from '../scalping-cycle/state.js';

/** What the rule wants and has not got yet. */
export type Wish =
  /** To be long. Good for one cycle, and for a short while after the close of its bar. */
  | { readonly kind: 'enter'; readonly cycle: number; readonly until: number; readonly tag: string }
  /** To be flat; nothing takes it back while something is held. */
  | { readonly kind: 'exit'; readonly tag: string };

/** What is remembered of the rule. Plain JSON; times are microseconds. */
export type RuleState = {
  /** Of the parameters that its decider was made with: another one begins anew. */
  readonly mark: string;
  /** Null before the first bar. */
  readonly decider: JsonObject | null;
  /** Bars that the decider has heard. */
  readonly heard: number;
  /** When the newest of them opened; null before the first. */
  readonly last: number | null;
  readonly wish: Wish | null;
  /** Where what is held is sold, because the rule said so; null: nowhere. */
  readonly stop: number | null;
  readonly takeProfit: number | null;
  /** Since when it lacks bars, and whether that was told; null: it has them. */
  readonly lacks: { readonly since: number; readonly told: boolean } | null;
  /** What its code did wrong: nothing is opened, and it hears no bar, until somebody starts the bot again. Absent: nothing. */
  readonly fault?: RuleFault;
};

export type RuleFault = {
  readonly code: 'ASKS_FOR_TOMORROW' | 'STRATEGY_LOOPS' | 'STRATEGY_THREW';
  readonly text: string;
};

export type BarBotState = {
  readonly cycle: ScalpingState;
  readonly rule: RuleState;
};

export const newRule = (mark: string): RuleState => ({
  mark,
  decider: null,
  heard: 0,
  last: null,
  wish: null,
  stop: null,
  takeProfit: null,
  lacks: null,
});

export const initialBarBot = (mark: string): BarBotState => ({ cycle: initialState, rule: newRule(mark) });
