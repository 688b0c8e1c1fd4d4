import type { NoticeKind, NotificationChannel } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import { type Message, type Notice, timeText } from './notice.js';

/** Notices that become one message. */
export interface Gathering {
  readonly userId: UserId;
  readonly channel: NotificationChannel;
  /** `quiet`, `rate`, `late`, or the burst that it gathers. */
  readonly key: string;
  readonly count: number;
  readonly kinds: Readonly<Partial<Record<NoticeKind, number>>>;
  readonly titles: readonly string[];
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly dueAt: Timestamp;
}

const titlesMax = 5;

/** With one more notice. */
export function gathered(
  before: Gathering | null,
  notice: Notice,
  title: string,
): Pick<Gathering, 'count' | 'kinds' | 'titles' | 'from' | 'to'> {
  const kinds = before?.kinds ?? {};
  const titles = before?.titles ?? [];
  return {
    count: (before?.count ?? 0) + 1,
    kinds: { ...kinds, [notice.kind]: (kinds[notice.kind] ?? 0) + 1 },
    titles: titles.length < titlesMax ? [...titles, title] : titles,
    from: before === null || notice.at < before.from ? notice.at : before.from,
    to: before === null || notice.at > before.to ? notice.at : before.to,
  };
}

const whys: Readonly<Record<string, string>> = {
  quiet: 'during your quiet hours',
  rate: 'more than fits into a minute',
  late: 'from a while ago',
};

/** The line that stands for all of them. */
export function digestOf({ key, count, kinds, titles, from, to }: Gathering): Message {
  const why = whys[key] ?? 'more of the same';
  const counts = Object.entries(kinds).map(([kind, times]) => `${times} × ${kind.replaceAll('-', ' ')}`);
  const more = count - titles.length;
  return {
    title: `${count} ${count === 1 ? 'notice' : 'notices'} (${why})`,
    lines: [
      counts.join(', '),
      ...titles.map((title) => `· ${title}`),
      ...(more > 0 ? [`· and ${more} more, see the activity log`] : []),
      from === to ? timeText(from) : `${timeText(from)} to ${timeText(to)}`,
    ],
  };
}
