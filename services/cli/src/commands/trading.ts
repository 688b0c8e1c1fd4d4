import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { findBot, idOf, named } from '../bot-lookup.js';
import type { Context } from '../context.js';
import { exitCodes, Failure, usageFailure } from '../failure.js';
import { confirm } from '../prompt.js';
import {
  amountColumn,
  column,
  defaultCommand,
  limitText,
  listed,
  money,
  number,
  type PageOptions,
  show,
  showFields,
  textOf,
  time,
} from '../rows.js';
import type { Runner } from '../runner.js';
import { registerOrderPlans } from './order-plans.js';
import { registerPlaceOrder } from './place-order.js';

function triggerText({ kind, price, distanceBps }: Row): string {
  return `${textOf(kind)} ${distanceBps ? `${textOf(distanceBps)} bps` : textOf(price)}`.trim();
}

interface OfBot extends PageOptions {
  readonly bot?: string;
  readonly status?: string;
}
interface CancelOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly bot?: string;
}

const orderColumns = [
  time('CREATED', 'createdAt'),
  column('ORDER', 'clientOrderId'),
  column('BOT', 'bot'),
  column('SYMBOL', 'symbol'),
  column('MODE', 'mode'),
  column('SIDE', 'side'),
  column('TYPE', 'type'),
  { title: 'TRIGGER', of: (row: Row) => triggerText((row['trigger'] ?? {}) as Row) },
  number('QUANTITY', 'quantity'),
  number('PRICE', 'price'),
  number('FILLED', 'filledQuantity'),
  column('STATUS', 'status'),
];
const fillColumns = [
  time('AT', 'occurredAt'),
  column('BOT', 'bot'),
  column('SYMBOL', 'symbol'),
  column('MODE', 'mode'),
  column('SIDE', 'side'),
  number('QUANTITY', 'quantity'),
  number('PRICE', 'price'),
  { title: 'FEE', ...amountColumn(({ fee }) => (fee ?? {}) as Row) },
  column('LIQUIDITY', 'liquidity'),
];
const positionColumns = [
  column('ACCOUNT', 'account'),
  column('MODE', 'mode'),
  column('BOT', 'bot'),
  column('SYMBOL', 'symbol'),
  number('QUANTITY', 'quantity'),
  money('CASH', 'cash'),
  number('FILLS', 'fills'),
  time('UPDATED', 'updatedAt'),
];
const balanceColumns = [
  column('ACCOUNT', 'account'),
  column('MODE', 'mode'),
  column('CURRENCY', 'currency'),
  number('FREE', 'free'),
  number('LOCKED', 'locked'),
  number('TOTAL', 'total'),
];

export function registerTrading(program: Command, run: Runner): void {
  registerOrders(program.command('orders').description('orders: list, look at one, place one, cancel'), run);

  paged(program.command('fills').description('my fills, newest first'))
    .option('--bot <bot>', 'only of this bot')
    .action(
      run<OfBot>(async (context, { options }) => {
        const bot = await botId(context, options.bot);
        show(context, await listed(context, '/v1/fills', { ...options, query: { bot } }), fillColumns, 'no fills yet');
      }),
    );

  const positions = program.command('positions').description('what my fills add up to');
  defaultCommand(positions, 'list')
    .description('all positions')
    .action(
      run(async (context) =>
        show(context, await listed(context, '/v1/positions', {}), positionColumns, 'no positions'),
      ),
    );
  positions
    .command('close <bot>')
    .description('sell or buy back what a bot holds, and stop it')
    .option('--yes', 'do not ask')
    .action(
      run<CancelOptions>(async (context, { operands: [wanted = ''], options }) => {
        const bot = await findBot(context, wanted);
        await confirm(context.terminal, { question: `Close what ${named(bot)} holds?`, yes: options.yes });
        const after = (await context.api.send('POST', '/v1/positions/close', { bot: idOf(bot) })) as Row;
        if (context.output.json) context.output.value(after);
        else context.output.line(`${named(after)} is ${textOf(after['observed'])}`);
      }),
    );

  program
    .command('balances')
    .description('what the venues say I hold')
    .action(
      run(async (context) => show(context, await listed(context, '/v1/balances', {}), balanceColumns, 'no balances')),
    );
}

function registerOrders(orders: Command, run: Runner): void {
  paged(defaultCommand(orders, 'list').description('my orders, newest first'))
    .option('--bot <bot>', 'only of this bot')
    .option('--status <status>', 'open or final')
    .action(
      run<OfBot>(async (context, { options }) => {
        const query = { bot: await botId(context, options.bot), status: options.status };
        show(context, await listed(context, '/v1/orders', { ...options, query }), orderColumns, 'no orders yet');
      }),
    );

  registerPlaceOrder(orders, run);
  registerOrderPlans(orders, run);

  orders
    .command('show <order>')
    .description('one order and what happened to it')
    .action(
      run(async (context, { operands: [id = ''] }) =>
        showFields(context, (await context.api.get(`/v1/orders/${encodeURIComponent(id)}`)) as Row),
      ),
    );

  orders
    .command('cancel [orders...]')
    .description('cancel open orders by hand')
    .option('--all', 'every open order')
    .option('--bot <bot>', 'with --all: only of this bot')
    .option('--yes', 'do not ask')
    .action(
      run<CancelOptions>(async (context, { operands, options }) => {
        const ids = await toCancel(context, operands, options);
        if (options.all)
          await confirm(context.terminal, { question: `Cancel ${ids.length} open orders?`, yes: options.yes });
        await cancelAll(context, ids);
      }),
    );
}

async function toCancel(
  context: Context,
  ids: readonly string[],
  { all, bot }: CancelOptions,
): Promise<readonly string[]> {
  if (all !== true) {
    if (ids.length > 0) return ids;
    throw usageFailure('ASKED_WRONGLY', 'which orders?', 'name them, or give --all');
  }
  const open = await context.api.all('/v1/orders', { status: 'open', bot: await botId(context, bot) });
  return open.data.map(({ clientOrderId }) => textOf(clientOrderId));
}

async function cancelAll({ api, output }: Context, ids: readonly string[]): Promise<void> {
  const results: Row[] = [];
  let refused: Failure | null = null;
  for (const id of ids) {
    try {
      await api.send('DELETE', `/v1/orders/${encodeURIComponent(id)}`);
      results.push({ order: id, canceling: true });
    } catch (error) {
      if (!(error instanceof Failure) || error.exitCode !== exitCodes.refused) throw error;
      refused = error;
      results.push({ order: id, canceling: false, error: { code: error.code, text: error.message } });
    }
  }
  if (output.json) output.value({ results });
  else
    for (const { order, error } of results)
      output.line(`${textOf(order)}: ${error === undefined ? 'cancel asked' : textOf((error as Row)['code'])}`);
  if (refused !== null) throw refused;
}

export function paged(command: Command): Command {
  return command
    .option('--limit <rows>', limitText)
    .option('--after <cursor>', 'the next page')
    .option('--all', 'every page');
}

export async function botId(context: Context, wanted: string | undefined): Promise<string | undefined> {
  return wanted === undefined ? undefined : idOf(await findBot(context, wanted));
}
