import type { NotificationProfile } from '../generated/api.js';

export type Preferences = NotificationProfile['preferences'];
export type Muted = Preferences['muted'][number];
export type NoticeKind = Muted['kind'];
export type NoticeChannel = Muted['channel'];
export type LevelFilter = Preferences['levels'][NoticeChannel];
type Level = Exclude<LevelFilter, 'OFF'>;

export const noticeChannels: readonly { readonly channel: NoticeChannel; readonly label: string }[] = [
  { channel: 'telegram', label: 'Telegram' },
  { channel: 'email', label: 'E-mail' },
  { channel: 'webhook', label: 'Webhook' },
];

export const levelChoices: readonly { readonly level: LevelFilter; readonly label: string }[] = [
  { level: 'INFO', label: 'Everything' },
  { level: 'SUCCESS', label: 'Successes and worse' },
  { level: 'WARNING', label: 'Warnings and errors' },
  { level: 'ERROR', label: 'Errors only' },
  { level: 'OFF', label: 'Nothing' },
];

type Group = 'Bots' | 'Orders' | 'Safety and summary';

export interface NoticeWords {
  readonly kind: NoticeKind;
  readonly label: string;
  /** The most that it ever matters. */
  readonly level: Level;
}

/** A kind that the API learns and that has no words here does not compile. */
const words: Readonly<Record<NoticeKind, readonly [group: Group, label: string, level: Level]>> = {
  'bot-created': ['Bots', 'Created', 'INFO'],
  'bot-deleted': ['Bots', 'Deleted', 'INFO'],
  'bot-started': ['Bots', 'Started', 'SUCCESS'],
  'bot-paused': ['Bots', 'Paused', 'INFO'],
  'bot-stopped': ['Bots', 'Stopped by you', 'INFO'],
  'bot-stopped-itself': ['Bots', 'Stopped by itself', 'WARNING'],
  'bot-failed': ['Bots', 'Failed', 'ERROR'],
  'order-placed': ['Orders', 'Placed', 'INFO'],
  'order-filled': ['Orders', 'Filled', 'SUCCESS'],
  'order-rejected': ['Orders', 'Rejected by the venue', 'WARNING'],
  'order-denied': ['Orders', 'Refused by the risk gate', 'WARNING'],
  'cycle-completed': ['Orders', 'Cycle completed, with its result', 'WARNING'],
  'trading-halted': ['Safety and summary', 'Trading halted', 'ERROR'],
  'trading-released': ['Safety and summary', 'Trading released', 'SUCCESS'],
  'books-differ': ['Safety and summary', 'Books differ from the venue', 'ERROR'],
  activity: ['Safety and summary', 'Other warnings and errors', 'ERROR'],
  'daily-summary': ['Safety and summary', 'Daily summary', 'INFO'],
};
const groups: readonly Group[] = ['Bots', 'Orders', 'Safety and summary'];
const kinds = Object.keys(words) as readonly NoticeKind[];

/** Grouped as one looks for them. */
export const noticeGroups: readonly { readonly title: Group; readonly notices: readonly NoticeWords[] }[] = groups.map(
  (title) => ({
    title,
    notices: kinds
      .filter((kind) => words[kind][0] === title)
      .map((kind) => ({ kind, label: words[kind][1], level: words[kind][2] })),
  }),
);

const rank: Readonly<Record<LevelFilter, number>> = { INFO: 0, SUCCESS: 1, WARNING: 2, ERROR: 3, OFF: 4 };

/** Whether anything of this kind matters enough for the channel. */
export const reaches = ({ level }: NoticeWords, filter: LevelFilter): boolean => rank[level] >= rank[filter];

export const isMuted = (muted: readonly Muted[], kind: NoticeKind, channel: NoticeChannel): boolean =>
  muted.some((each) => each.kind === kind && each.channel === channel);

/** The list with one pair more or less. */
export function withPair(muted: readonly Muted[], pair: Muted, wanted: boolean): readonly Muted[] {
  const others = muted.filter(({ kind, channel }) => kind !== pair.kind || channel !== pair.channel);
  return wanted ? others : [...others, pair];
}
