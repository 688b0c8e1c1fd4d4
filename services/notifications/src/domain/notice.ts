import type { NoticeKind, NoticeLevel } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { BotId, Mode, UserId } from '@scalpstorm/model';

/** One fact that a user may want to be told. */
export interface Notice {
  /** Of the event that it comes from: a repeated event is told once. */
  readonly id: string;
  readonly kind: NoticeKind;
  readonly level: NoticeLevel;
  readonly userId: UserId;
  readonly botId: BotId | null;
  /** Null where the fact belongs to no mode. */
  readonly mode: Mode | null;
  /** One line without the mode. */
  readonly title: string;
  readonly lines: readonly string[];
  readonly at: Timestamp;
  /** Repeats of the same thing share it: the first is told at once, the others in one line. Null: every one counts. */
  readonly burst: string | null;
}

/** What is common to every channel: the words, before they are dressed for it. */
export interface Message {
  readonly title: string;
  readonly lines: readonly string[];
}

/** `2026-11-21 14:02:11 UTC` */
export const timeText = (at: Timestamp): string =>
  `${new Date(at / 1_000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** LIVE, PAPER, DEMO: nobody should have to guess whether it was real money. */
export const modeMark = (mode: Mode): string => mode.toUpperCase();

/** The mode first, the time last, because a message can arrive late. */
export function messageOf(notice: Notice): Message {
  const mark = notice.mode === null ? '' : `${modeMark(notice.mode)} · `;
  return { title: `${mark}${notice.title}`, lines: [...notice.lines, timeText(notice.at)] };
}
