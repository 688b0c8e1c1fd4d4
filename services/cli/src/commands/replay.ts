import {
  type JournalRow,
  type Replayed,
  replayJournal,
  type Strategy,
  UnreadableJournal,
} from '@scalpstorm/strategies';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { Failure, usageFailure } from '../failure.js';
import { fetchJournal, readJournal, saveJournal } from '../replay/journal-file.js';
import { addStrategiesOption, type StrategiesOption, strategiesFor } from '../replay/journal-strategies.js';
import { timeText } from '../rows.js';
import type { Runner } from '../runner.js';

interface ReplayOptions extends StrategiesOption {
  readonly save?: string;
  readonly from?: string;
}

const examples = `
  scalpstorm replay scalper
  scalpstorm replay scalper --save scalper.jsonl
  scalpstorm replay --from scalper.jsonl --json
  scalpstorm replay dips --strategies ./strategies

Ends with 1 where a step comes out differently, and tells that step.`;

/** The steps are taken here; of the platform only the journal is asked for. */
export function registerReplay(program: Command, run: Runner): void {
  const command = program
    .command('replay [bot]')
    .description('take the steps of a bot again and compare every order and cancel with what it did')
    .option('--save <file>', 'write its journal there, one row a line')
    .option('--from <file>', 'take the journal from such a file, without a platform');
  addStrategiesOption(command)
    .addHelpText('after', examples)
    .action(run<ReplayOptions>((context, { operands: [bot], options }) => replay(context, bot, options)));
}

async function replay(context: Context, bot: string | undefined, options: ReplayOptions): Promise<void> {
  const { from, save } = options;
  if ((bot === undefined) === (from === undefined))
    throw usageFailure('ASKED_WRONGLY', 'whose steps?', 'name one bot, or a file with --from');
  const rows = from === undefined ? await fetchJournal(context, bot ?? '') : await readJournal(from);
  if (save !== undefined) await saveJournal(save, rows);
  if (rows.length === 0)
    throw new Failure('JOURNAL_EMPTY', 'nothing is kept of it.', {
      next: 'journals are kept of bots in demo and paper mode from their first step on; an operator sets BOT_JOURNAL',
    });
  tell(context, replayed(rows, await strategiesFor(ranIn(rows), options)));
}

/** The ids of the strategies that the bot ran. */
const ranIn = (rows: readonly JournalRow[]): ReadonlySet<string> =>
  new Set(rows.map(({ entry }) => entry['strategy']).filter((id) => typeof id === 'string'));

/** @throws Failure JOURNAL_UNREADABLE */
function replayed(rows: readonly JournalRow[], strategies: ReadonlyMap<string, Strategy>): Replayed {
  try {
    return replayJournal(rows, strategies);
  } catch (error) {
    if (!(error instanceof UnreadableJournal)) throw error;
    throw new Failure('JOURNAL_UNREADABLE', `${error.message}.`, {
      next: 'replay it with the version that wrote it, or fetch it again',
      cause: error,
    });
  }
}

function tell({ output }: Context, result: Replayed): void {
  const { steps, orders, cancels, gaps, difference } = result;
  if (output.json) output.value({ ...result, equal: difference === null });
  else {
    for (const { number, text } of gaps) output.line(`gap before row ${number}: ${text}`);
    const told = [`${steps} steps`, `${orders} orders`, `${cancels} cancels`, ...spanOf(result)];
    const end = gaps.length === 0 ? 'equal' : `equal but for ${gaps.length} gap${gaps.length === 1 ? '' : 's'}`;
    output.line(`${told.join(', ')}: ${difference === null ? end : 'not equal'}`);
  }
  if (difference === null) return;
  const { number, at, heard, was, is } = difference;
  if (!output.json) {
    output.line(`row ${number}, ${timeOf(at)}, on ${heard}`);
    output.line(`  was ${JSON.stringify(was)}`);
    output.line(`  is  ${JSON.stringify(is)}`);
  }
  throw new Failure('REPLAY_DIFFERS', `row ${number} comes out differently.`, {
    next: 'compare the version of the strategy that traded with this one',
  });
}

const spanOf = ({ from, to, starts, edits }: Replayed): readonly string[] => [
  ...(starts > 1 ? [`${starts - 1} restarts`] : []),
  ...(edits > 0 ? [`${edits} edits`] : []),
  ...(from === null || to === null ? [] : [`${timeOf(from)} to ${timeOf(to)}`]),
];

const timeOf = (micros: number): string => timeText(new Date(micros / 1_000).toISOString());
