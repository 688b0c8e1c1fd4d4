import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { flagsOf, type Schema } from '../parameters.js';
import { column, defaultCommand, listed, number, show, showFields, textOf, time } from '../rows.js';
import type { Runner } from '../runner.js';

const instrumentColumns = [
  column('ID', 'id'),
  column('STATUS', 'status'),
  number('LAST', 'lastPrice'),
  number('TICK', 'tickSize'),
  number('STEP', 'stepSize'),
  number('NOTIONAL MIN', 'notionalMin'),
  number('MAKER FEE', 'makerFeeRate'),
  number('TAKER FEE', 'takerFeeRate'),
];
const priceColumns = [
  column('INSTRUMENT', 'instrument'),
  number('BID', 'bid'),
  number('ASK', 'ask'),
  number('LAST', 'last'),
  column('FEED', 'feed'),
  time('AT', 'at'),
];
const candleColumns = [
  time('OPENED', 'openedAt'),
  number('OPEN', 'open'),
  number('HIGH', 'high'),
  number('LOW', 'low'),
  number('CLOSE', 'close'),
  number('VOLUME', 'volume'),
  number('TRADES', 'trades'),
  column('CLOSED', 'closed'),
];
const accountColumns = [column('ID', 'id'), column('VENUE', 'venue'), column('MODE', 'mode'), column('LABEL', 'label')];
const strategyColumns = [column('ID', 'id'), column('TITLE', 'title'), column('DESCRIPTION', 'description')];

/** What bots are made of. */
export function registerPlatform(program: Command, run: Runner): void {
  program
    .command('accounts')
    .description('accounts that bots may trade at')
    .action(
      run(async (context) => show(context, await listed(context, '/v1/accounts', {}), accountColumns, 'no accounts')),
    );
  program
    .command('instruments')
    .description('what can be traded, with the filters of the venues')
    .action(
      run(async (context) =>
        show(context, await listed(context, '/v1/instruments', {}), instrumentColumns, 'no instruments'),
      ),
    );

  program
    .command('prices')
    .description('the newest prices of every instrument that is followed')
    .action(run(async (context) => show(context, await listed(context, '/v1/prices', {}), priceColumns, 'no prices')));
  program
    .command('candles <instrument>')
    .description('the newest candles of an instrument such as sim:BTC-USDT, oldest first')
    .option('--timeframe <length>', 'e.g. 1m, 5m, 1h, 1d', '1m')
    .option('--limit <candles>', '1 to 1000', '50')
    .action(
      run<{ readonly timeframe: string; readonly limit: string }>(async (context, { operands, options }) => {
        const query = { instrument: operands[0], timeframe: options.timeframe, limit: options.limit };
        show(context, await context.api.list('/v1/candles', query), candleColumns, 'no candles yet');
      }),
    );
  program
    .command('version')
    .description('the versions of program, gateway and API')
    .action(run(async (context) => showFields(context, { ...((await context.api.get('/v1/version')) as Row) })));

  const strategies = program.command('strategies').description('what bots of the platform may run, and its parameters');
  defaultCommand(strategies, 'list')
    .description('all strategies')
    .action(
      run(async (context) =>
        show(context, await listed(context, '/v1/strategies', {}), strategyColumns, 'no strategies'),
      ),
    );
  strategies
    .command('show <id>')
    .description('one strategy: its parameters as flags; with --json the JSON Schema')
    .action(
      run(async (context, { operands: [id = ''] }) => {
        const strategy = (await context.api.get(`/v1/strategies/${encodeURIComponent(id)}`)) as Row;
        if (context.output.json) return showFields(context, strategy);
        const { title, description, schema } = strategy;
        if (context.output.isTerminal) context.output.note(`${textOf(title)}. ${textOf(description)}`);
        context.output.table(parameterRows(schema as Schema), parameterColumns);
      }),
    );
}

interface ParameterRow {
  readonly flag: string;
  readonly type: string;
  readonly standard: string;
  readonly text: string;
}
const parameterColumns = [
  { title: 'FLAG', of: ({ flag }: ParameterRow) => flag },
  { title: 'TYPE', of: ({ type }: ParameterRow) => type },
  { title: 'DEFAULT', of: ({ standard }: ParameterRow) => standard },
  { title: 'WHAT', of: ({ text }: ParameterRow) => text },
];

function parameterRows(schema: Schema): readonly ParameterRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, parameter]) => {
    const flags = flagsOf({ properties: { [name]: parameter } });
    const required = schema.required?.includes(name) === true;
    return flags.map((flag) => ({
      flag: `--${flag}`,
      type: (parameter.enum ?? [parameter.type ?? 'object'].flat()).map(textOf).join(' | '),
      standard: required ? 'required' : textOf(parameter.default),
      text: parameter.description ?? parameter.title ?? '',
    }));
  });
}
