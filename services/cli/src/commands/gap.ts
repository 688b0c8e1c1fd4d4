import {
  type Edition,
  type GapReport,
  type GapRow,
  gapReport,
  runLane,
  type Session,
  type Shadow,
  sessionOf,
  shadowPlan,
} from '@scalpstorm/backtest';
import { type Timeframe, timeframes } from '@scalpstorm/model';
import type { Strategy } from '@scalpstorm/strategies';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { Failure, usageFailure } from '../failure.js';
import { fetchCandles, partOf, readCandles, type SessionData, type Wanted } from '../gap/session-data.js';
import type { Column } from '../output.js';
import { fetchJournal, readJournal } from '../replay/journal-file.js';
import { addStrategiesOption, type StrategiesOption, strategiesFor } from '../replay/journal-strategies.js';
import { timeText } from '../rows.js';
import type { Runner } from '../runner.js';

interface GapOptions extends StrategiesOption {
  readonly from?: string;
  readonly data?: string;
  readonly timeframe: string;
}

const examples = `
  scalpstorm gap scalper
  scalpstorm gap scalper --data btc-1s.csv.gz --timeframe 1s --json

Prices in basis points and times in seconds: above 0 it was worse, or later, live. How a cause is found: docs/replay.md.`;

export function registerGap(program: Command, run: Runner): void {
  const command = program
    .command('gap [bot]')
    .description('what a backtest would have done in the session of a bot, trade by trade, and why it was otherwise')
    .option('--data <file>', 'bars of the session (default: what the platform still has of them)')
    .option('--timeframe <timeframe>', 'of the bars of which the backtest makes its market', '1s')
    .option('--from <file>', 'take the journal from a file that replay --save wrote');
  addStrategiesOption(command)
    .addHelpText('after', examples)
    .action(run<GapOptions>((context, { operands: [bot], options }) => gap(context, bot, options)));
}

async function gap(context: Context, bot: string | undefined, options: GapOptions): Promise<void> {
  if ((bot === undefined) === (options.from === undefined))
    throw usageFailure('ASKED_WRONGLY', 'whose trades?', 'name one bot, or a file with --from');
  const rows = options.from === undefined ? await fetchJournal(context, bot ?? '') : await readJournal(options.from);
  const session = sessionOf(rows);
  if (session === null)
    throw new Failure('JOURNAL_EMPTY', 'nothing is kept of it.', { next: 'see scalpstorm replay --help' });
  const strategies = await strategiesFor([session.strategy], options);
  const played = { session, strategies };
  const data = await dataOf(context, played, options);
  const shadows: Shadow[] = [];
  for (const edition of session.editions) shadows.push(await shadowOf(played, edition, data));
  tell(context, session, gapReport(session, shadows));
}

/** A session, and the strategies that its bot may have run, by id. */
interface Played {
  readonly session: Session;
  readonly strategies: ReadonlyMap<string, Strategy>;
}

/** What the backtest does in a part of the session; nothing where no bars of it are known. */
async function shadowOf(played: Played, edition: Edition, data: SessionData): Promise<Shadow> {
  const { source, ...part } = partOf(data, { from: isOverBars(played, edition) ? 0 : edition.from, to: edition.to });
  if (part.openedAt.length === 0) return { edition, fills: [], ...part };
  const ran = await runLane({ ...shadowPlan(played.session, edition), strategies: played.strategies }, [source]);
  if (!ran.ok) throw new Failure(ran.error.code, ran.error.text, { next: ran.error.next });
  return { edition, fills: ran.value.fills, ...part };
}

async function dataOf(context: Context, played: Played, { data, timeframe }: GapOptions): Promise<SessionData> {
  const known = timeframes.find((one) => one === timeframe);
  if (known === undefined)
    throw usageFailure('INVALID_OPTION', `--timeframe cannot be "${timeframe}".`, timeframes.join(', '));
  const wanted = wantedOf(played);
  return data === undefined ? fetchCandles(context, wanted, known as Timeframe) : readCandles(data, wanted, known);
}

function wantedOf(played: Played): Wanted {
  const { instrument, from, to, bars, editions } = played.session;
  // A bot over bars had their history when it began.
  const overBars = editions.some((edition) => isOverBars(played, edition));
  return { instrument: instrument.id, symbol: instrument.symbol, from: overBars ? 0 : from, to, heard: bars };
}

function isOverBars({ session: { strategy, instrument }, strategies }: Played, { parameters }: Edition): boolean {
  const configured = strategies.get(strategy)?.configure(parameters, instrument);
  return configured?.ok === true && configured.value.measures.bars !== undefined;
}

const shownOf = (value: number | null): string => (value === null ? '' : value.toFixed(2).replace(/^-(0\.00)$/, '$1'));
const right = { align: 'right' } as const;
const columns: readonly Column<GapRow>[] = [
  { title: 'OPENED', of: ({ live, backtest }) => timeOf((live ?? backtest)?.entry.at ?? 0) },
  { title: 'SIDE', of: ({ side }) => side },
  { title: 'TRADE', of: ({ kind }) => kind },
  { title: 'LIVE IN', ...right, of: ({ live }) => live?.entry.price ?? '' },
  { title: 'LIVE OUT', ...right, of: ({ live }) => live?.exit?.price ?? '' },
  { title: 'IN BPS', ...right, of: ({ entryBps }) => shownOf(entryBps) },
  { title: 'OUT BPS', ...right, of: ({ exitBps }) => shownOf(exitBps) },
  { title: 'IN S', ...right, of: ({ entrySeconds }) => shownOf(entrySeconds) },
  { title: 'OUT S', ...right, of: ({ exitSeconds }) => shownOf(exitSeconds) },
  {
    title: 'FEES',
    ...right,
    of: ({ fees }) => (fees === null ? '' : Number(fees).toFixed(4)),
    exact: ({ fees }) => fees ?? '',
  },
  { title: 'CAUSE', of: ({ cause }) => cause },
  { title: 'WHY', of: ({ why }) => why },
];

function tell({ output }: Context, { botId, strategy, from, to }: Session, report: GapReport): void {
  if (output.json) {
    output.value({ bot: botId, strategy, from, to, ...report });
    return;
  }
  output.table(report.rows, columns);
  const { totals, currency } = report;
  const { live, backtest, both, missed, extra, entryBps, exitBps, fees, causes } = totals;
  output.line(`${strategy}, ${timeOf(from)} to ${timeOf(to)}: ${live} trades live, ${backtest} in the backtest`);
  const means = entryBps === null ? '' : `; on average ${shownOf(entryBps)} bps worse in, ${shownOf(exitBps)} out`;
  output.line(`${both} in both, ${missed} missed, ${extra} extra${means}`);
  output.line(`fees live less backtest: ${fees} ${currency}`);
  const told = Object.entries(causes).filter(([, count]) => count > 0);
  output.line(`causes: ${told.map(([cause, count]) => `${cause} ${count}`).join(', ')}`);
}

const timeOf = (micros: number): string => timeText(new Date(micros / 1_000).toISOString());
