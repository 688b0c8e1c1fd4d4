import { reportPage } from '@scalpstorm/backtest';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { digest } from '../report/digest.js';
import { readFolder } from '../report/read-folder.js';
import type { Runner } from '../runner.js';
import { writeText } from '../write-text.js';

interface PageOptions {
  readonly out?: string;
}

/** Shows what `backtest --out` kept, without running anything again. */
export function registerReport(program: Command, run: Runner): void {
  program
    .command('report')
    .description('one HTML file of a kept backtest, from the folder that backtest --out wrote')
    .argument('<folder>')
    .option('--out <file>', 'write it there (default: to the standard output)')
    .action(run<PageOptions>((context, { operands: [folder = ''], options }) => report(context, folder, options)));
}

async function report({ output }: Context, folder: string, { out }: PageOptions): Promise<void> {
  const kept = await readFolder(folder);
  if (out !== undefined) await writeText(out, reportPage(kept, digest));
  if (output.json) output.value({ provenance: kept.provenance, summary: kept.summary, figures: kept.figures });
  else if (out === undefined) output.raw(reportPage(kept, digest));
  else output.note(`wrote ${out}`);
}
