import { second, Timestamp } from '@scalpstorm/kernel';
import type { Bot, UserId } from '@scalpstorm/model';
import { localTime, minutesOf } from './local-time.js';
import type { Notice } from './notice.js';
import type { UserProfile } from './profile.js';

/** What was earned by one mode in one currency. */
interface Earned {
  readonly mode: string;
  readonly currency: string;
  readonly cycles: number;
  readonly wins: number;
  readonly net: string;
  readonly fees: string;
}

const noon = 12 * 60;
const dayMicros = 86_400 * second;

/**
 * The summary that is due now: made on `day`, of the day `of`; null when none is. One before noon is of the day before, which is
 * over; a later one is of the day so far. The service may have been away at the minute itself.
 */
export function dueSummary(profile: UserProfile, now: Timestamp): { readonly day: string; readonly of: string } | null {
  const { summaryAt, timeZone } = profile.preferences;
  if (summaryAt === null) return null;
  const { day, minutes } = localTime(now, timeZone);
  if (minutes < minutesOf(summaryAt) || profile.summaryDay >= day) return null;
  const of = minutesOf(summaryAt) < noon ? localTime(Timestamp.plus(now, -dayMicros), timeZone).day : day;
  return { day, of };
}

/** The day so far, in the user's own time zone. */
export function summaryNotice(
  userId: UserId,
  facts: { day: string; results: readonly Earned[]; bots: readonly Bot[]; at: Timestamp },
): Notice {
  const { day, results, bots, at } = facts;
  const running = bots.filter(({ observed }) => observed === 'running').length;
  const failed = bots.filter(({ observed }) => observed === 'error');
  return {
    id: `summary:${userId}:${day}`,
    kind: 'daily-summary',
    level: 'INFO',
    userId,
    botId: null,
    mode: null,
    title: `Your day ${day}`,
    lines: [
      ...(results.length === 0 ? ['No cycle was completed.'] : results.map(earnedLine)),
      `${running} of ${bots.length} bots are running.`,
      ...failed.slice(0, 5).map(({ config, reason }) => `${config.name} is set aside: ${reason.text} (${reason.code})`),
    ],
    at,
    burst: null,
  };
}

function earnedLine({ mode, currency, cycles, wins, net, fees }: Earned): string {
  const sign = net.startsWith('-') || /^0(\.0*)?$/.test(net) ? '' : '+';
  return `${mode.toUpperCase()}: ${sign}${net} ${currency} in ${cycles} cycles (${wins} won), fees ${fees} ${currency}`;
}
