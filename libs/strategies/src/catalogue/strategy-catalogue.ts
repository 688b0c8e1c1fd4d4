import { fail, ok, type Result } from '@scalpstorm/kernel';
import { barBot } from '../bar-bot/bar-bot.js';
import { isOfEveryBot } from '../bar-bot/schema.js';
import { barStrategies } from '../bars/bar-strategies.js';
import type { BarStrategy } from '../bars/bar-strategy.js';
import type { Strategy } from '../sdk/define.js';
import { strategies } from './platform-strategies.js';

/** A strategy over bars of the operator's own, and where it is from. */
export interface OwnModule {
  readonly file: string;
  readonly strategy: BarStrategy;
}

/** Why no bot can run a strategy. */
export interface UnfitForBots {
  readonly code: string;
  readonly text: string;
  readonly next: string;
}

/** One that no bot runs, and why. */
export interface RefusedModule extends UnfitForBots {
  readonly file: string;
  /** What its bots call it: its id, or, where it has none, the name of its file. */
  readonly id: string;
}

/** Every strategy that a process knows: those of the platform, and the operator's own that can stand beside them. */
export class StrategyCatalogue {
  /** Those over bars, by id. */
  readonly rules: ReadonlyMap<string, BarStrategy>;
  /** What a bot may run, by id. */
  readonly all: ReadonlyMap<string, Strategy>;
  readonly refused: readonly RefusedModule[];
  /** The operator's own. */
  readonly own: readonly OwnModule[];

  /** @param refused what could not even be loaded */
  constructor(modules: readonly OwnModule[] = [], refused: readonly RefusedModule[] = []) {
    const unfit = modules.flatMap((module) => refusalOf(module, modules) ?? []);
    const files = new Set(unfit.map(({ file }) => file));
    this.own = modules.filter(({ file }) => !files.has(file));
    this.refused = [...refused, ...unfit];
    this.rules = new Map([...barStrategies, ...this.own.map(({ strategy }) => [strategy.id, strategy] as const)]);
    this.all = new Map([...strategies, ...this.own.map(({ strategy }) => [strategy.id, barBot(strategy)] as const)]);
  }

  /** Why there is no strategy of this id although there is a file for it; null: there is no file for it either. */
  refusalOf(id: string): RefusedModule | null {
    return this.refused.find((module) => module.id === id) ?? null;
  }
}

/** What the bots of a strategy over bars run. A parameter of a bot means one thing. */
export function botOver(strategy: BarStrategy): Result<Strategy, UnfitForBots> {
  const taken = Object.keys(strategy.parameters).filter(isOfEveryBot);
  if (taken.length === 0) return ok(barBot(strategy));
  return fail({
    code: 'STRATEGY_MALFORMED',
    text: `it declares ${taken.join(', ')}, which every bot over bars has.`,
    next: 'give these parameters other names',
  });
}

/** A name means one strategy, wherever it is said. */
function refusalOf({ file, strategy }: OwnModule, all: readonly OwnModule[]): RefusedModule | null {
  const { id } = strategy;
  const refused = (code: string, text: string, next: string) => ({ file, id, code, text, next });
  if (strategies.has(id)) {
    return refused('STRATEGY_NAME_TAKEN', `the platform has a strategy "${id}" of its own.`, 'give it another id');
  }
  const others = all.filter((other) => other.file !== file && other.strategy.id === id);
  if (others.length > 0) {
    const named = others.map((other) => other.file).join(', ');
    return refused('STRATEGY_NAME_TAKEN', `${named} has the id "${id}", too: none of them runs.`, 'give it another id');
  }
  const bot = botOver(strategy);
  return bot.ok ? null : { file, id, ...bot.error };
}
