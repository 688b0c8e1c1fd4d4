import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import type { Context } from '../context.js';
import { confirm } from '../prompt.js';
import { column, defaultCommand, textOf, time } from '../rows.js';
import type { Runner } from '../runner.js';
import { registerPreferences } from './notification-preferences.js';

interface YesOption {
  readonly yes?: boolean;
}

const path = '/v1/notifications';
const channelColumns = [
  column('CHANNEL', 'channel'),
  column('STATE', 'state'),
  column('WHERE', 'where'),
  column('LEVEL', 'level'),
  column('TEXT', 'text'),
];
const failedColumns = [
  column('ID', 'id'),
  column('CHANNEL', 'channel'),
  column('TITLE', 'title'),
  column('ERROR', 'error'),
  column('ATTEMPTS', 'attempts'),
  time('CREATED', 'createdAt'),
];

/** How and about what I am told: Telegram, e-mail, a webhook. */
export function registerNotifications(program: Command, run: Runner): void {
  const group = program
    .command('notifications')
    .description('how and about what I am told: channels, quiet hours, tests');

  defaultCommand(group, 'show')
    .description('channels and how they are, and what could not be delivered')
    .action(run(async (context) => shown(context, (await context.api.get(path)) as Row)));

  registerTelegram(group, run);
  registerEmail(group, run);
  registerWebhook(group, run);

  group
    .command('test <channel>')
    .description('send a message to see whether telegram, email or webhook works')
    .action(
      run(async (context, { operands: [channel = ''] }) => {
        const after = (await context.api.send('POST', `${path}/test`, { channel })) as Row;
        if (context.output.json) context.output.value(after);
        else context.output.line(`a message is on its way by ${channel}`);
      }),
    );
  group
    .command('retry <delivery>')
    .description('try a message again that was given up')
    .action(
      run(async (context, { operands: [id = ''] }) =>
        changed(context, 'POST', { to: `failed/${encodeURIComponent(id)}/retry`, body: {} }),
      ),
    );
  registerPreferences(group, run);
}

function registerTelegram(group: Command, run: Runner): void {
  group
    .command('link-telegram')
    .description('a code that links a Telegram chat, once, within ten minutes')
    .action(
      run(async ({ api, output }) => {
        const offer = (await api.send('POST', `${path}/telegram`)) as Row;
        if (output.json) {
          output.value(offer);
          return;
        }
        output.line(`/link ${textOf(offer['code'])}`);
        output.note(`send that to the bot before ${textOf(offer['expiresAt'])}`);
        if (textOf(offer['link']) !== '') output.note(`or open ${textOf(offer['link'])}`);
      }),
    );
  removal(group.command('unlink-telegram <chat>').description('unlink a Telegram chat, by its id'), run, {
    question: (chat) => `Unlink the chat ${chat}?`,
    to: (chat) => `telegram/${encodeURIComponent(chat)}`,
  });
}

function registerEmail(group: Command, run: Runner): void {
  group
    .command('set-email <address>')
    .description('set the e-mail address; a code is sent there')
    .action(
      run(async (context, { operands: [address = ''] }) => {
        await changed(context, 'POST', { to: 'email', body: { address } });
        if (!context.output.json) context.output.note('next: scalpstorm notifications verify-email CODE');
      }),
    );
  group
    .command('verify-email <code>')
    .description('prove the address with the code that came there')
    .action(
      run(async (context, { operands: [code = ''] }) =>
        changed(context, 'POST', { to: 'email/verify', body: { code } }),
      ),
    );
  removal(group.command('remove-email').description('no more e-mail'), run, {
    question: () => 'Send no more e-mail?',
    to: () => 'email',
  });
}

function registerWebhook(group: Command, run: Runner): void {
  group
    .command('set-webhook <url>')
    .description('set the webhook; its secret is on stdout, this once')
    .action(
      run(async ({ api, output }, { operands: [url = ''] }) => {
        const after = (await api.send('POST', `${path}/webhook`, { url })) as Row;
        if (output.json) {
          output.value(after);
          return;
        }
        output.note(`${url} is told from now on; requests are signed with this secret, which is not shown again:`);
        output.line(textOf(after['secret']));
      }),
    );
  removal(group.command('remove-webhook').description('no more webhook'), run, {
    question: () => 'Remove the webhook and its secret?',
    to: () => 'webhook',
  });
}

/** What takes something away asks first. */
function removal(
  command: Command,
  run: Runner,
  { question, to }: { readonly question: (operand: string) => string; readonly to: (operand: string) => string },
): void {
  command.option('--yes', 'do not ask').action(
    run<YesOption>(async (context, { operands: [operand = ''], options }) => {
      await confirm(context.terminal, { question: question(operand), yes: options.yes });
      await changed(context, 'DELETE', { to: to(operand), body: undefined });
    }),
  );
}

async function changed(
  context: Context,
  method: 'POST' | 'DELETE',
  { to, body }: { readonly to: string; readonly body: unknown },
): Promise<void> {
  shown(context, (await context.api.send(method, `${path}/${to}`, body)) as Row);
}

export function shown({ output }: Context, profile: Row): void {
  if (output.json) {
    output.value(profile);
    return;
  }
  const { levels = {} } = (profile['preferences'] ?? {}) as { levels?: Row };
  const channels = (profile['channels'] ?? []) as readonly Row[];
  const rows = channels.map((row) => ({
    ...row,
    where: whereOf(profile, textOf(row['channel'])),
    level: levels[textOf(row['channel'])],
  }));
  output.table(rows, channelColumns);
  const failed = (profile['failed'] ?? []) as readonly Row[];
  if (failed.length === 0) return;
  output.note('not delivered; try again with: scalpstorm notifications retry ID');
  output.table(failed, failedColumns);
}

function whereOf({ telegram, email, webhook }: Row, channel: string): string {
  if (channel === 'telegram') {
    const chats = (telegram ?? []) as readonly Row[];
    return chats.map(({ id, label }) => `${textOf(label)} (${textOf(id)})`).join(', ');
  }
  if (channel === 'webhook') return textOf((webhook as Row | null)?.['url']);
  const { address, verified } = (email ?? {}) as Row;
  return address === undefined ? '' : `${textOf(address)}${verified === true ? '' : ' (not verified)'}`;
}
