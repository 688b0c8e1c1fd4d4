import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import type { Context } from '../context.js';
import { interrupt } from '../interrupt.js';
import { LiveStream } from '../live-stream.js';
import { column, listed, type PageOptions, show, textOf, time, timeText } from '../rows.js';
import type { Runner } from '../runner.js';
import { botId, paged } from './trading.js';

interface ActivityOptions extends PageOptions {
  readonly follow?: boolean;
  readonly bot?: string;
  readonly level?: string;
}

const columns = [
  time('AT', 'at'),
  column('LEVEL', 'level'),
  column('CODE', 'code'),
  column('BOT', 'bot'),
  column('TEXT', 'text'),
];

export function registerActivity(program: Command, run: Runner): void {
  paged(program.command('activity').description('the log, newest first; with --follow as it is written'))
    .option('--bot <bot>', 'only of this bot')
    .option('--level <level>', 'only INFO, SUCCESS, WARNING, ERROR or TELEGRAM')
    .option('-f, --follow', 'go on with every new line, oldest first; --json gives one object a line')
    .action(
      run<ActivityOptions>(async (context, { options }) => {
        const query = { bot: await botId(context, options.bot), level: options.level };
        const page = await listed(context, '/v1/activity', { ...options, query });
        if (options.follow === true) await follow(context, page.data, query);
        else show(context, page, columns, 'nothing was logged yet');
      }),
    );
}

async function follow(
  context: Context,
  newestFirst: readonly Row[],
  wanted: { readonly bot: string | undefined; readonly level: string | undefined },
): Promise<void> {
  const { output, api, terminal } = context;
  const told = new Set<string>();
  const tell = (row: Row): void => {
    const id = textOf(row['id']);
    const matches =
      (wanted.bot === undefined || row['bot'] === wanted.bot) &&
      (wanted.level === undefined || row['level'] === wanted.level);
    if (!matches || told.has(id)) return;
    told.add(id);
    if (output.json) output.value(row);
    else output.line(lineOf(row));
  };
  for (const row of [...newestFirst].reverse()) tell(row);
  const stream = new LiveStream(api, ['activity'], {
    // A snapshot is newest first, like the page before; changes come in order.
    frame: ({ type, data = [] }) => {
      for (const row of type === 'snapshot' ? [...data].reverse() : data) tell(row);
      if (told.size > rememberedMax) for (const id of [...told].slice(0, rememberedMax / 2)) told.delete(id);
    },
    away: (reason) => reason !== null && output.note(`away: ${reason}`),
  });
  await stream.run(interrupt(terminal.stdout));
}

const rememberedMax = 10_000;

const lineOf = ({ at, level, code, bot, text }: Row): string =>
  [timeText(textOf(at)), textOf(level), textOf(code), textOf(bot), textOf(text).replaceAll(/\s+/g, ' ')].join('\t');
