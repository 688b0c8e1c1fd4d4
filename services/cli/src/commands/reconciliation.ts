import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
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

interface OfAccount extends PageOptions {
  readonly account?: string;
}

const differenceColumns = [
  column('KIND', 'kind'),
  column('SUBJECT', 'subject'),
  column('OURS', 'ours'),
  column('THEIRS', 'theirs'),
  column('DECISION', 'decision'),
];
const recordColumns = [
  time('AT', 'at'),
  column('ACCOUNT', 'account'),
  column('WHY', 'trigger'),
  ...differenceColumns,
  column('REPAIRED', 'repaired'),
];
const stateColumns = [
  column('ACCOUNT', 'account'),
  column('STATE', 'state'),
  column('VENUE CIRCUIT', 'circuit'),
  column('CODE', 'code'),
  column('WHY', 'text'),
];
const externalColumns = [
  column('ID', 'id'),
  time('SEEN', 'seenAt'),
  column('ACCOUNT', 'account'),
  column('SYMBOL', 'symbol'),
  column('SIDE', 'side'),
  number('QUANTITY', 'quantity'),
  number('PRICE', 'price'),
  number('FILLED', 'filledQuantity'),
  column('ORDER AT VENUE', 'venueOrderId'),
  column('WORKING', 'working'),
  column('DECISION', 'decision'),
  column('BY', 'decidedBy'),
  column('OUTCOME', 'outcome'),
];

/** The verbs of a decision, and what each does in the words of the question. */
const decisions = {
  adopt: 'take it into my books: it is followed, filled and canceled like all others',
  ignore: 'leave it alone',
  cancel: 'cancel it at the venue',
} as const;

export function registerReconciliation(program: Command, run: Runner): void {
  program
    .command('reconcile')
    .description('compare my books with the venues now, and mend what can be mended')
    .option('--last', 'show what the last comparison found; asks no venue and changes nothing')
    .option('--dry-run', 'compare now and tell what would be done; changes nothing')
    .action(run<ReconcileOptions>(reconcile));

  const group = program.command('reconciliation').description('what was found when books and venues were compared');
  defaultCommand(group, 'states')
    .description('what each account may do at this moment, and why not more')
    .action(
      run(async (context) => {
        show(context, await listed(context, '/v1/reconciliation/accounts', {}), stateColumns, 'no accounts');
      }),
    );
  paged(group.command('differences').description('every difference that was found, newest first')).action(
    run<OfAccount>(async (context, { options: { account, ...page } }) => {
      const found = await listed(context, '/v1/reconciliation/differences', { query: { account }, ...page });
      show(context, found, recordColumns, 'nothing ever differed');
    }),
  );
  paged(group.command('external-orders').description('orders at the venues that nobody placed here')).action(
    run<OfAccount>(async (context, { options: { account, ...page } }) => {
      const found = await listed(context, '/v1/reconciliation/external-orders', { query: { account }, ...page });
      show(context, found, externalColumns, 'every order was placed here');
    }),
  );
  for (const [decision, words] of Object.entries(decisions)) {
    group
      .command(`${decision} <id>`)
      .description(`an order that nobody placed here: ${words}`)
      .option('--yes', 'do not ask')
      .action(
        run<{ yes?: boolean }>(async (context, { operands: [id = ''], options: { yes } }) => {
          await confirm(context.terminal, { question: `External order ${id}: ${words}. Go on?`, yes });
          const path = `/v1/reconciliation/external-orders/${encodeURIComponent(id)}`;
          showFields(context, (await context.api.send('POST', path, { decision })) as Row);
        }),
      );
  }
}

const paged = (command: Command): Command =>
  command
    .option('--account <id>', 'of one account')
    .option('--limit <n>', limitText)
    .option('--after <cursor>', 'the page after this one')
    .option('--all', 'everything');

interface ReconcileOptions {
  readonly last?: boolean;
  readonly dryRun?: boolean;
}

async function reconcile(
  { api, output }: Context,
  { options: { last, dryRun } }: { readonly options: ReconcileOptions },
): Promise<void> {
  const path = '/v1/reconciliation';
  const found = (
    last === true ? await api.get(path) : await api.send('POST', dryRun === true ? `${path}/dry-run` : path, {})
  ) as Reconciliation;
  const { reconciled, at, differences } = found;
  const seen = last === true && at !== null ? ` (compared ${textOf(at)})` : '';
  if (output.json) output.value({ reconciled, at, differences });
  else if (differences.length > 0) output.table(differences, differenceColumns);
  else if (reconciled) output.line(`books and venues agree${seen}`);
  if (reconciled) return;
  throw new Failure(
    'BOOKS_DIFFER',
    'the books of an account and its venue do not agree, or the venue did not answer.',
    {
      next: 'see scalpstorm reconciliation; nothing is opened at that account until they agree',
    },
  );
}

interface Reconciliation {
  readonly reconciled: boolean;
  readonly at: string | null;
  readonly differences: readonly Row[];
}
