import { basename, resolve } from 'node:path';
import { type Comparison, comparePage, compareRuns, type NamedRun, runsMax, runsMin } from '@scalpstorm/backtest';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { usageFailure } from '../failure.js';
import { digest } from '../report/digest.js';
import { readFolder } from '../report/read-folder.js';
import type { Runner } from '../runner.js';
import { writeText } from '../write-text.js';

interface CompareOptions {
  readonly report?: string;
}

/** Kept runs side by side, without running anything again. */
export function registerCompare(program: Command, run: Runner): void {
  program
    .command('compare')
    .description(`${runsMin} to ${runsMax} kept backtests side by side, from the folders that backtest --out wrote`)
    .argument('<folders...>')
    .option('--report <file>', 'write the comparison there, as one HTML file')
    .action(run<CompareOptions>((context, { operands, options }) => compare(context, operands, options)));
}

async function compare(context: Context, folders: readonly string[], { report }: CompareOptions): Promise<void> {
  if (folders.length < runsMin || folders.length > runsMax) {
    const text = `${folders.length} folders cannot be compared.`;
    throw usageFailure('INVALID_OPTION', text, `name ${runsMin} to ${runsMax} folders that backtest --out wrote`);
  }
  const names = namesOf(folders);
  const runs: NamedRun[] = [];
  for (const [at, folder] of folders.entries()) {
    runs.push({ name: names[at] ?? folder, report: await readFolder(folder) });
  }
  const comparison = compareRuns(runs);
  if (report !== undefined) await writeText(report, comparePage(comparison, digest));
  tell(context, comparison);
}

/** The last part of each path; numbered where two are the same. */
function namesOf(folders: readonly string[]): readonly string[] {
  const names = folders.map((folder) => basename(resolve(folder)));
  return names.map((name, at) => (names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${at + 1})`));
}

function tell({ output }: Context, comparison: Comparison): void {
  const { runs, differences, figures, warnings, isComparable } = comparison;
  if (output.json) {
    output.value({
      isComparable,
      warnings,
      runs: runs.map(({ name, report: { summary, provenance } }) => ({ name, provenance, summary })),
      differences,
      figures: figures.map(({ id, label, values, best }) => ({ id, label, values, best })),
    });
    return;
  }
  for (const { code, text, next } of warnings) output.line(`! ${code}: ${text}\n  → ${next}`);
  const rows = [
    ...differences.map(({ name, values }) => ({ name, cells: values.map((value) => shortened(value ?? 'none')) })),
    ...figures.map(({ label, texts, best }) => ({
      name: label,
      cells: texts.map((text, at) => (at === best ? `${text} *` : text)),
    })),
  ];
  output.table(rows, [
    { title: '', of: ({ name }) => name },
    ...runs.map(({ name }, at) => ({
      title: name,
      of: ({ cells }: (typeof rows)[number]) => cells[at] ?? '',
      align: 'right' as const,
    })),
  ]);
  if (figures.some(({ best }) => best !== null)) output.note('* the best of them by this figure');
}

/** Hashes are for programs; people see whether they differ. */
const shortened = (text: string): string => text.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');
