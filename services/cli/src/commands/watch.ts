import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import type { Context } from '../context.js';
import { interrupt } from '../interrupt.js';
import { type LiveFrame, LiveStream, RowBook } from '../live-stream.js';
import { printable } from '../output.js';
import { column, money, number, textOf, timeText } from '../rows.js';
import type { Runner } from '../runner.js';

const channels = ['bots', 'orders', 'prices', 'state', 'activity'];
const redrawMs = 500;
const logLines = 5;

/** Everything that the screen shows. */
class Screen {
  readonly bots = new RowBook('id');
  readonly orders = new RowBook('clientOrderId');
  readonly prices = new RowBook('instrument');
  state: Row = {};
  log: readonly Row[] = [];
  away: string | null = 'connecting';
  heardAt = Date.now();

  take(frame: LiveFrame): void {
    this.heardAt = Date.now();
    const { ch, type, data = [] } = frame;
    if (ch === 'bots') this.bots.take(frame);
    if (ch === 'orders') this.orders.take(frame);
    if (ch === 'prices') this.prices.take(frame);
    if (ch === 'state') this.state = data.at(-1) ?? this.state;
    // A snapshot is newest first; a change is newer than what is there.
    if (ch === 'activity')
      this.log = (type === 'snapshot' ? data : [...data].reverse().concat(this.log)).slice(0, logLines);
  }
}

export function registerWatch(program: Command, run: Runner): void {
  program
    .command('watch')
    .description('bots, prices and the log, live; in a pipe one line a change, with --json one frame a line')
    .action(
      run(async (context) => {
        const { output, terminal } = context;
        const signal = interrupt(terminal.stdout);
        if (output.json || !output.isTerminal) await lines(context, signal);
        else await screen(context, signal);
      }),
    );
}

async function lines({ api, output }: Context, signal: AbortSignal): Promise<void> {
  const bots = new RowBook('id');
  const frame = (live: LiveFrame): void => {
    if (output.json) {
      if (live.ch !== undefined) output.value(live);
      return;
    }
    const { ch, data = [] } = live;
    if (ch === 'bots') for (const row of bots.take(live)) output.line(botLine(row));
    if (ch === 'state') for (const row of data) output.line(`trading\t${textOf(row['state'])}\t${textOf(row['text'])}`);
    if (ch === 'activity' && live.type !== 'snapshot') for (const row of data) output.line(logLine(row));
  };
  const away = (reason: string | null) => reason !== null && output.note(`away: ${reason}`);
  await new LiveStream(api, ['bots', 'state', 'activity'], { frame, away }).run(signal);
}

async function screen(context: Context, signal: AbortSignal): Promise<void> {
  const { api, output } = context;
  const shown = new Screen();
  const draw = () => output.raw(`\u001b[H${screenText(context, shown).replaceAll('\n', '\u001b[K\n')}\u001b[J`);
  const stream = new LiveStream(api, channels, {
    frame: (frame) => shown.take(frame),
    away: (reason) => {
      shown.away = reason;
    },
  });
  output.raw('\u001b[?1049h\u001b[?25l');
  const timer = setInterval(draw, redrawMs);
  try {
    await stream.run(signal);
  } finally {
    clearInterval(timer);
    output.raw('\u001b[?25h\u001b[?1049l');
  }
}

function screenText({ output, api }: Context, { bots, orders, prices, state, log, away, heardAt }: Screen): string {
  const age = ((Date.now() - heardAt) / 1_000).toFixed(1);
  const pill =
    away === null ? output.paint(`● live ${age} s`, 'green') : output.paint(`◐ away ${age} s: ${away}`, 'yellow');
  const colour = state['state'] === 'active' ? 'green' : 'red';
  const trading = output.paint(`trading ${textOf(state['state'])}`, colour);
  const priceOf = new Map(prices.rows.map((row) => [`${row['venue']}:${row['symbol']}`, textOf(row['last'])]));
  const openOrders = orders.rows.filter(({ final }) => final !== true);
  const columns = [
    column('NAME', 'name'),
    column('MODE', 'mode'),
    column('STATE', 'observed'),
    column('SYMBOL', 'symbol'),
    {
      title: 'PRICE',
      of: ({ venue, symbol }: Row) => priceOf.get(`${venue}:${symbol}`) ?? '',
      align: 'right' as const,
    },
    money('PNL', 'pnl'),
    number('HELD', 'held'),
    {
      title: 'OPEN',
      of: ({ id }: Row) => String(openOrders.filter(({ bot }) => bot === id).length),
      align: 'right' as const,
    },
    number('CYCLES', 'cycles'),
  ];
  const table = bots.rows.length === 0 ? 'no bots\n' : output.tableText(bots.rows, columns);
  const logText = log
    .map((row) =>
      printable(logLine(row))
        .replaceAll('\t', '  ')
        .slice(0, output.width - 1),
    )
    .join('\n');
  return `${api.url}  ${pill}  ${trading}  (Ctrl-C ends)\n\n${table}\n${logText}\n`;
}

const botLine = (row: Row): string =>
  [
    'bot',
    row['id'],
    row['name'] ?? '',
    row['deleted'] === true ? 'deleted' : row['observed'],
    row['symbol'] ?? '',
    row['pnl'] ?? '',
  ]
    .map(textOf)
    .map((cell) => printable(cell).replaceAll('\t', ' '))
    .join('\t');

const logLine = ({ at, level, code, text }: Row): string =>
  ['log', timeText(textOf(at)), textOf(level), textOf(code), textOf(text).replaceAll(/\s+/g, ' ')].join('\t');
