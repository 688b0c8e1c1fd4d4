import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { idOf } from '../bot-lookup.js';
import { collect } from '../collect.js';
import { usageFailure } from '../failure.js';
import { findOne } from '../lookup.js';
import { confirm } from '../prompt.js';
import { column, defaultCommand, listed, type PageOptions, show, textOf, time } from '../rows.js';
import type { Runner } from '../runner.js';
import { paged } from './trading.js';

interface CreateOptions {
  readonly label?: string;
  readonly scope?: readonly string[];
  readonly address?: readonly string[];
  readonly expires?: string;
}

const path = '/v1/api-keys';
const kind = { path, noun: 'API key', label: 'label', listing: 'api-keys list' } as const;
const joined = (value: unknown): string => (Array.isArray(value) ? value.map(textOf).join(' ') : '');

const columns = [
  column('ID', 'id'),
  column('LABEL', 'label'),
  { title: 'SCOPES', of: ({ scopes }: Row) => joined(scopes) },
  { title: 'ADDRESSES', of: ({ allowedAddresses }: Row) => joined(allowedAddresses) || 'any' },
  time('CREATED', 'createdAt'),
  time('EXPIRES', 'expiresAt'),
  time('LAST USED', 'lastUsedAt'),
  time('REVOKED', 'revokedAt'),
];

/** Keys for programs: shown once, when they are made. */
export function registerApiKeys(program: Command, run: Runner): void {
  const keys = program.command('api-keys').description('keys for programs: list, create, revoke');

  paged(defaultCommand(keys, 'list').description('my API keys, newest first, without the keys')).action(
    run<PageOptions>(async (context, { options }) =>
      show(context, await listed(context, path, options), columns, 'none; make one: scalpstorm api-keys create'),
    ),
  );

  keys
    .command('create')
    .description('create one; the key is on stdout, this once')
    .option('--label <text>', 'what it is for')
    .option('--scope <scope>', 'read or trade; may be repeated (default read)', collect)
    .option(
      '--address <network>',
      'only from there, e.g. 10.0.0.0/8; may be repeated (default: from anywhere)',
      collect,
    )
    .option('--expires <time>', 'e.g. 2027-01-01T00:00:00Z (default: never)')
    .action(
      run<CreateOptions>(async ({ api, output }, { options }) => {
        const { label, scope = ['read'], address = [], expires = null } = options;
        if (label === undefined) throw usageFailure('OPTION_MISSING', 'what is it for?', 'give --label');
        const body = { label, scopes: scope, allowedAddresses: address, expiresAt: expires };
        const made = (await api.send('POST', path, body)) as Row;
        if (output.json) {
          output.value(made);
          return;
        }
        output.note(`${textOf(made['id'])} "${label}" may ${joined(made['scopes'])}; keep it, it is not shown again:`);
        output.line(textOf(made['key']));
      }),
    );

  keys
    .command('revoke <key>')
    .description('revoke one at once, by id or label')
    .option('--yes', 'do not ask')
    .action(
      run<{ readonly yes?: boolean }>(async (context, { operands: [wanted = ''], options }) => {
        const key = await findOne(context, wanted, kind);
        const name = `${textOf(key['label'])} (${idOf(key)})`;
        await confirm(context.terminal, { question: `Revoke ${name}?`, yes: options.yes });
        await context.api.send('DELETE', `${path}/${idOf(key)}`);
        if (context.output.json) context.output.value({ revoked: idOf(key) });
        else context.output.line(`revoked ${name}`);
      }),
    );
}
