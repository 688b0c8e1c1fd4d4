import type { Command } from 'commander';
import type { Context, GlobalOptions } from './context.js';

/** What was asked, after commander has read it. */
export interface Asked<Options> {
  readonly operands: readonly string[];
  readonly options: Options & GlobalOptions;
}

export type Work<Options> = (context: Context, asked: Asked<Options>) => Promise<void>;

/** Turns work into a commander action. */
export type Runner = <Options>(work: Work<Options>) => (...given: unknown[]) => Promise<void>;

export function runnerWith(contextFor: (options: GlobalOptions) => Context): Runner {
  return <Options>(work: Work<Options>) =>
    async (...given) => {
      const command = given.at(-1) as Command;
      const options = command.optsWithGlobals<Options & GlobalOptions>();
      await work(contextFor(options), { operands: command.args, options });
    };
}
