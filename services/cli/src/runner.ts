import type { Command } from 'commander';
import type { Context, GlobalOptions } from './context.js';

/** What was asked, after commander has read it. */
export interface Asked<Options> {
  readonly operands: readonly string[];
  readonly options: Options & GlobalOptions;
  /** Names of those that stand on the command line itself; the others have their defaults. */
  readonly given: readonly string[];
}

export type Work<Options> = (context: Context, asked: Asked<Options>) => Promise<void>;

/** Turns work into a commander action. */
export type Runner = <Options>(work: Work<Options>) => (...given: unknown[]) => Promise<void>;

export function runnerWith(contextFor: (options: GlobalOptions) => Context): Runner {
  return <Options>(work: Work<Options>) =>
    async (...told) => {
      const command = told.at(-1) as Command;
      const options = command.optsWithGlobals<Options & GlobalOptions>();
      const names = command.options.map((option) => option.attributeName());
      const given = names.filter((name) => command.getOptionValueSource(name) === 'cli');
      await work(contextFor(options), { operands: command.args, options, given });
    };
}
