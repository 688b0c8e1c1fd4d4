import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { collect } from '../collect.js';
import type { Context } from '../context.js';
import { usageFailure } from '../failure.js';
import { showFields } from '../rows.js';
import type { Asked, Runner } from '../runner.js';

interface PreferenceOptions {
  readonly timeZone?: string;
  readonly quiet?: string;
  readonly summaryAt?: string;
  readonly level?: readonly string[];
  readonly mute?: readonly string[];
  readonly unmute?: readonly string[];
}

const path = '/v1/notifications';
const off = 'off';

/** Shows them; with options, changes what is named and nothing else. */
export function registerPreferences(group: Command, run: Runner): void {
  group
    .command('preferences')
    .description('what is told, where and when; with options: change it')
    .option('--time-zone <zone>', 'e.g. Europe/Berlin; of quiet hours and summary')
    .option('--quiet <from-to>', 'hold back in these hours what is no error, e.g. 22:00-07:00; or off')
    .option('--summary-at <HH:MM>', 'when the summary of the day is sent; or off')
    .option(
      '--level <channel=level>',
      'least level of a channel: INFO, SUCCESS, WARNING, ERROR or OFF; may be repeated',
      collect,
    )
    .option('--mute <kind:channel>', 'never tell this there, e.g. order-filled:email; may be repeated', collect)
    .option('--unmute <kind:channel>', 'tell it again; may be repeated', collect)
    .action(run<PreferenceOptions>(preferences));
}

async function preferences(context: Context, { options }: Asked<PreferenceOptions>): Promise<void> {
  const before = preferencesOf(await context.api.get(path));
  const change = changeOf(options, before);
  if (Object.keys(change).length === 0) showFields(context, before);
  else showFields(context, preferencesOf(await context.api.send('PATCH', `${path}/preferences`, change)));
}

const preferencesOf = (profile: unknown): Row => (profile as { readonly preferences: Row }).preferences;

function changeOf({ timeZone, quiet, summaryAt, level, mute, unmute }: PreferenceOptions, before: Row): Row {
  return {
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(quiet === undefined ? {} : { quietHours: quiet === off ? null : hoursOf(quiet) }),
    ...(summaryAt === undefined ? {} : { summaryAt: summaryAt === off ? null : summaryAt }),
    ...(level === undefined
      ? {}
      : { levels: { ...(before['levels'] as Row), ...Object.fromEntries(level.map((text) => pairOf(text, '='))) } }),
    ...(mute === undefined && unmute === undefined ? {} : { muted: mutedOf(mute, unmute, before) }),
  };
}

function mutedOf(mute: readonly string[] = [], unmute: readonly string[] = [], before: Row): readonly Row[] {
  const known = (before['muted'] as readonly Row[]).map(({ kind, channel }) => `${kind}:${channel}`);
  const left = [...new Set([...known, ...mute])].filter((pair) => !unmute.includes(pair));
  return left.map((text) => {
    const [kind, channel] = pairOf(text, ':');
    return { kind, channel };
  });
}

function pairOf(text: string, separator: '=' | ':'): readonly [string, string] {
  const [left = '', right = '', ...more] = text.split(separator);
  if (left !== '' && right !== '' && more.length === 0) return [left, right];
  const form = separator === '=' ? 'channel=LEVEL, e.g. email=ERROR' : 'kind:channel, e.g. order-filled:email';
  throw usageFailure('INVALID_OPTION', `"${text}" is not understood.`, `write ${form}`);
}

function hoursOf(text: string): { readonly from: string; readonly to: string } {
  const [, from, to] = /^(\d{2}:\d{2})-(\d{2}:\d{2})$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return { from, to };
  throw usageFailure('INVALID_OPTION', `--quiet cannot be "${text}".`, 'write from-to, e.g. 22:00-07:00, or off');
}
