import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import type { Context } from '../context.js';
import { usageFailure } from '../failure.js';
import { confirm } from '../prompt.js';
import {
  column,
  defaultCommand,
  limitText,
  listed,
  number,
  type PageOptions,
  show,
  showFields,
  textOf,
  time,
} from '../rows.js';
import type { Runner } from '../runner.js';

interface Wanted {
  readonly account?: string;
  readonly symbol?: string;
  readonly side?: string;
  readonly quantity?: string;
  readonly price?: string;
  readonly stop?: string;
  readonly trail?: string;
  readonly stopLimit?: string;
  readonly target?: string;
  readonly targetMarket?: boolean;
  readonly source?: string;
  readonly slices?: string;
  readonly every?: string;
  readonly show?: string;
  readonly close?: boolean;
  readonly open?: boolean;
  readonly yes?: boolean;
}

const planColumns = [
  time('CREATED', 'createdAt'),
  column('PLAN', 'id'),
  column('KIND', 'kind'),
  column('ACCOUNT', 'account'),
  column('SYMBOL', 'symbol'),
  column('SIDE', 'side'),
  number('QUANTITY', 'quantity'),
  column('STATUS', 'status'),
  { title: 'WHY', of: (row: Row) => textOf(((row['reason'] ?? {}) as Row)['text']) },
];

const examples = `
  scalpstorm orders plan bracket --account demo --symbol BTC-USDT --side buy --quantity 0.001 --price 61800 --stop 60000 --target 65000
  scalpstorm orders plan oco --account demo --symbol BTC-USDT --side sell --quantity 0.001 --stop 60000 --target 65000
  scalpstorm orders plan twap --account demo --symbol BTC-USDT --side buy --quantity 0.01 --slices 10 --every 60
  scalpstorm orders plan iceberg --account demo --symbol BTC-USDT --side buy --quantity 1 --price 61800 --show 0.05`;

/** Orders that belong together. */
export function registerOrderPlans(orders: Command, run: Runner): void {
  const plans = orders.command('plan').description('orders that belong together: OCO, bracket, TWAP, iceberg');
  plans.addHelpText('after', examples);
  registerLooks(plans, run);
  const planned = (bodyOf: (wanted: Wanted) => Row) =>
    run<Wanted>(async (context, { options }) => plan(context, bodyOf(options), options.yes));
  exits(sized(plans.command('oco').description('a stop and a target for what I hold; the first ends the other')))
    .option('--open', 'what it sells is not what my orders by hand hold: limits count')
    .action(planned((wanted) => ({ ...sizeOf(wanted), kind: 'oco', ...exitsOf(wanted), ...purposeOf(wanted) })));
  exits(sized(plans.command('bracket').description('an entry with its stop, and a target when one is given')))
    .option('--price <price>', 'of the entry; left out: at the market')
    .action(planned((wanted) => ({ ...sizeOf(wanted), kind: 'bracket', entry: entryOf(wanted), ...exitsOf(wanted) })));
  sized(plans.command('twap').description('equal slices, one an interval'))
    .requiredOption('--slices <count>', 'how many')
    .requiredOption('--every <seconds>', 'how far apart')
    .option('--price <price>', 'limit of each slice; left out: at the market')
    .option('--close', 'give back what my orders by hand hold')
    .action(
      planned((wanted) => ({
        ...sizeOf(wanted),
        kind: 'twap',
        slices: countOf('--slices', wanted.slices),
        intervalSeconds: countOf('--every', wanted.every),
        price: wanted.price,
        ...purposeOf(wanted),
      })),
    );
  sized(plans.command('iceberg').description('a large order of which others see a part at a time'))
    .requiredOption('--price <price>', 'its limit')
    .requiredOption('--show <amount>', 'how much of it others see')
    .option('--close', 'give back what my orders by hand hold')
    .action(
      planned((wanted) => ({
        ...sizeOf(wanted),
        kind: 'iceberg',
        price: wanted.price,
        show: wanted.show,
        ...purposeOf(wanted),
      })),
    );
}

interface ListOptions extends PageOptions {
  readonly status?: string;
}

function registerLooks(plans: Command, run: Runner): void {
  defaultCommand(plans, 'list')
    .description('my order plans, newest first')
    .option('--status <status>', 'open or final')
    .option('--limit <rows>', limitText)
    .option('--after <cursor>', 'the next page')
    .option('--all', 'every page')
    .action(
      run<ListOptions>(async (context, { options }) => {
        const query = { status: options.status };
        show(context, await listed(context, '/v1/order-plans', { ...options, query }), planColumns, 'no plans yet');
      }),
    );
  plans
    .command('show <plan>')
    .description('one plan with its orders')
    .action(
      run(async (context, { operands: [id = ''] }) => showFields(context, (await context.api.get(pathOf(id))) as Row)),
    );
  plans
    .command('cancel <plan>')
    .description('cancel a plan with everything of it that works, also its stop')
    .option('--yes', 'do not ask')
    .action(
      run<Wanted>(async (context, { operands: [id = ''], options }) => {
        const question = `Cancel ${id}? What it holds is without a stop then.`;
        await confirm(context.terminal, { question, yes: options.yes });
        const after = (await context.api.send('DELETE', pathOf(id))) as Row;
        if (context.output.json) context.output.value(after);
        else context.output.line(`${id}: cancel asked`);
      }),
    );
}

const pathOf = (id: string): string => `/v1/order-plans/${encodeURIComponent(id)}`;

const sized = (command: Command): Command =>
  command
    .requiredOption('--account <id>', 'see scalpstorm accounts')
    .requiredOption('--symbol <BASE-QUOTE>', 'e.g. BTC-USDT')
    .requiredOption('--side <side>', 'buy or sell; of a bracket the side of its entry')
    .requiredOption('--quantity <amount>', 'of the base currency')
    .option('--yes', 'do not ask before real money is traded');

const exits = (command: Command): Command =>
  command
    .option('--stop <price>', 'where the loss is stopped')
    .option('--trail <bps>', 'instead: so far behind the best price, in basis points')
    .option('--stop-limit <price>', 'limit of the stop; left out: at the market')
    .option('--target <price>', 'where the profit is taken')
    .option('--target-market', 'take it at the market instead of this price or better')
    .option('--source <price>', 'what both look at: last, mark or mid (default last)');

const sizeOf = ({ account, symbol, side, quantity }: Wanted): Row => ({ account, symbol, side, quantity });
const purposeOf = ({ close, open }: Wanted): Row => {
  if (close === true) return { purpose: 'close' };
  return open === true ? { purpose: 'open' } : {};
};
const entryOf = ({ price }: Wanted): Row => (price === undefined ? { type: 'market' } : { type: 'limit', price });

function exitsOf({ stop, trail, stopLimit, target, targetMarket, source }: Wanted): Row {
  if ((stop === undefined) === (trail === undefined))
    throw usageFailure('ASKED_WRONGLY', 'which stop?', 'give --stop or --trail');
  const level =
    stop === undefined ? { kind: 'trailing', distanceBps: countOf('--trail', trail) } : { kind: 'stop', price: stop };
  const taken = { price: target, source, type: targetMarket === true ? 'market' : undefined };
  return {
    stop: { trigger: stripped({ ...level, source }), ...(stopLimit === undefined ? {} : { price: stopLimit }) },
    ...(target === undefined ? {} : { target: stripped(taken) }),
  };
}

function countOf(option: string, text: string | undefined): number {
  if (text === undefined || !/^\d{1,6}$/.test(text))
    throw usageFailure('INVALID_OPTION', `${option} cannot be "${text ?? ''}".`, 'a whole number');
  return Number(text);
}

const stripped = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));

async function plan(context: Context, wanted: Row, yes: boolean | undefined): Promise<void> {
  const body = stripped(wanted);
  const accounts = await context.api.list('/v1/accounts');
  const account = accounts.data.find(({ id }) => id === body['account']);
  if (account?.['mode'] === 'live')
    await confirm(context.terminal, { question: `Trade real money at ${textOf(account['label'])}?`, yes });
  showFields(context, (await context.api.send('POST', '/v1/order-plans', body)) as Row);
}
