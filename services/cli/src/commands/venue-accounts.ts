import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { idOf } from '../bot-lookup.js';
import type { Context } from '../context.js';
import { usageFailure } from '../failure.js';
import { findOne } from '../lookup.js';
import { confirm, keyAndSecret } from '../prompt.js';
import { column, defaultCommand, listed, show, showFields, textOf, time } from '../rows.js';
import type { Asked, Runner } from '../runner.js';

interface SecretOptions {
  readonly secretsStdin?: boolean;
  readonly yes?: boolean;
}
interface AddOptions extends SecretOptions {
  readonly label?: string;
  readonly venue?: string;
  readonly mode?: string;
}

const path = '/v1/venue-accounts';
const kind = { path, noun: 'venue account', label: 'label', listing: 'venue-accounts list', isWhole: true } as const;

const check = (row: Row): Row => (row['check'] ?? {}) as Row;
const yesOrNo = (value: unknown): string => (value === null || value === undefined ? 'unknown' : value ? 'yes' : 'no');
const columns = [
  column('ID', 'id'),
  column('LABEL', 'label'),
  column('VENUE', 'venue'),
  column('MODE', 'mode'),
  column('STATE', 'state'),
  { title: 'KEY', of: ({ keyEnding }: Row) => `…${textOf(keyEnding)}` },
  { title: 'TRADES', of: (row: Row) => yesOrNo(check(row)['mayTrade']) },
  { title: 'WITHDRAWS', of: (row: Row) => yesOrNo(check(row)['mayWithdraw']) },
  time('CHANGED', 'changedAt'),
];
const offerColumns = [column('VENUE', 'venue'), column('MODE', 'mode'), column('TITLE', 'title')];

const verbs = [
  ['test', 'ask the venue what the key may do'],
  ['enable', 'let it be used again'],
  ['disable', 'keep it, and use it no more'],
] as const;

const secretsText = `
Key and secret are typed unseen, or piped in with --secrets-stdin: the key on the first line, the secret after it (PEM too).
  printf '%s\\n%s\\n' "$KEY" "$SECRET" | scalpstorm venue-accounts add --label mine --venue sim --mode demo --secrets-stdin`;

/** The accounts that users bring: their secrets go in and never come out. */
export function registerVenueAccounts(program: Command, run: Runner): void {
  const accounts = program.command('venue-accounts').description('my keys at the venues: add, test, rotate, remove');

  defaultCommand(accounts, 'list')
    .description('venue accounts that I brought, without their secrets')
    .action(
      run(async (context) =>
        show(context, await listed(context, path, {}), columns, 'none; add one: scalpstorm venue-accounts add'),
      ),
    );
  accounts
    .command('offers')
    .description('venues and modes that an account can be added at')
    .action(
      run(async (context) => show(context, await listed(context, '/v1/venue-offers', {}), offerColumns, 'no offers')),
    );
  accounts
    .command('show <account>')
    .description('one venue account, by id or label')
    .action(run(async (context, { operands: [wanted = ''] }) => showFields(context, await find(context, wanted))));

  accounts
    .command('add')
    .description('add one; the venue is asked about the key first')
    .option('--label <text>', 'what people call it')
    .option('--venue <id>', 'see scalpstorm venue-accounts offers')
    .option('--mode <mode>', 'demo, paper or live')
    .option('--secrets-stdin', 'read key and secret from standard input')
    .option('--yes', 'do not ask before an account of real money is added')
    .addHelpText('after', secretsText)
    .action(run<AddOptions>(add));
  accounts
    .command('rotate <account>')
    .description('replace key and secret; the new ones are tested first')
    .option('--secrets-stdin', 'read key and secret from standard input')
    .addHelpText('after', secretsText)
    .action(run<SecretOptions>(rotate));
  accounts
    .command('rename <account> <label>')
    .description('change its label')
    .action(
      run(async (context, { operands: [wanted = '', label = ''] }) => {
        const account = await find(context, wanted);
        told(context, 'renamed', (await context.api.send('PATCH', at(account), { label })) as Row);
      }),
    );
  for (const [verb, text] of verbs) {
    accounts
      .command(`${verb} <account>`)
      .description(text)
      .action(
        run(async (context, { operands: [wanted = ''] }) => {
          const account = await find(context, wanted);
          const after = (await context.api.send('POST', `${at(account)}/${verb}`, {})) as Row;
          told(context, verb === 'test' ? 'tested' : `${verb}d`, after);
        }),
      );
  }
  accounts
    .command('remove <account>')
    .description('remove it and its secret; its orders and fills stay')
    .option('--yes', 'do not ask')
    .action(run<SecretOptions>(remove));
}

async function add(context: Context, { options }: Asked<AddOptions>): Promise<void> {
  const { label, venue, mode, secretsStdin = false, yes } = options;
  for (const [name, value] of Object.entries({ label, venue, mode })) {
    if (value === undefined) {
      throw usageFailure('OPTION_MISSING', `--${name} is missing.`, 'see scalpstorm venue-accounts add --help');
    }
  }
  const live = mode === 'live';
  if (live) {
    await confirm(context.terminal, { question: `"${label}" will trade real money. Add it?`, yes });
  }
  const secrets = await keyAndSecret(context.terminal, secretsStdin);
  const body = { label, venue, mode, ...secrets, ...(live ? { acceptLiveTrading: true } : {}) };
  told(context, 'added', (await context.api.send('POST', path, body)) as Row);
}

async function rotate(context: Context, { operands, options }: Asked<SecretOptions>): Promise<void> {
  const account = await find(context, operands[0] ?? '');
  const secrets = await keyAndSecret(context.terminal, options.secretsStdin ?? false);
  told(context, 'rotated', (await context.api.send('POST', `${at(account)}/rotate`, secrets)) as Row);
}

async function remove(context: Context, { operands, options }: Asked<SecretOptions>): Promise<void> {
  const account = await find(context, operands[0] ?? '');
  await confirm(context.terminal, { question: `Remove ${nameOf(account)} and its secret?`, yes: options.yes });
  await context.api.send('DELETE', at(account));
  if (context.output.json) context.output.value({ removed: idOf(account) });
  else context.output.line(`removed ${nameOf(account)}`);
}

const find = (context: Context, wanted: string): Promise<Row> => findOne(context, wanted, kind);
const at = (account: Row): string => `${path}/${encodeURIComponent(idOf(account))}`;
const nameOf = ({ id, label, mode }: Row): string =>
  `${textOf(label)} (${textOf(id)}${mode === 'live' ? ', LIVE' : ''})`;

function told({ output }: Context, what: string, account: Row): void {
  if (output.json) {
    output.value(account);
    return;
  }
  const { mayTrade, mayWithdraw, warning } = check(account);
  const may = `may trade: ${yesOrNo(mayTrade)}, may withdraw: ${yesOrNo(mayWithdraw)}`;
  output.line(`${what} ${nameOf(account)}, ${textOf(account['state'])}, key …${textOf(account['keyEnding'])}; ${may}`);
  if (textOf(warning) !== '') output.note(`warning: ${textOf(warning)}`);
}
