import type { ActivityLogged, NoticeLevel, Reconciled, TradingStateChanged } from '@scalpstorm/contracts';
import type { UserId } from '@scalpstorm/model';
import type { Notice } from './notice.js';

const differencesShown = 5;

/** Trading was halted or released, for the user or for everybody. */
export function noticeOfTradingState({ meta, userId, state, text }: TradingStateChanged, told: UserId): Notice {
  const whose = userId === null ? 'the whole platform' : 'all your bots';
  const halted = state === 'halted';
  return {
    id: meta.eventId,
    kind: halted ? 'trading-halted' : 'trading-released',
    level: halted ? 'ERROR' : 'SUCCESS',
    userId: told,
    botId: null,
    mode: null,
    title: halted ? `Trading is halted for ${whose}` : `Trading goes on for ${whose}`,
    lines: [
      ...(text === '' ? [] : [text]),
      halted ? 'Nothing new is opened; what is held can still be closed.' : 'Bots may open positions again.',
    ],
    at: meta.occurredAt,
    burst: null,
  };
}

/** The books and the venue differed. Null when they did not: that they agree is no news. */
export function noticeOfReconciliation(event: Reconciled, told: UserId): Notice | null {
  const { meta, accountId, differences, clean } = event;
  if (differences.length === 0) return null;
  const more = differences.length - differencesShown;
  return {
    id: meta.eventId,
    kind: 'books-differ',
    level: clean ? 'WARNING' : 'ERROR',
    userId: told,
    botId: null,
    mode: null,
    title: `Account ${accountId}: ${differences.length} ${differences.length === 1 ? 'difference' : 'differences'} to the venue, ${clean ? 'all repaired' : 'not all repaired'}`,
    lines: [
      ...differences
        .slice(0, differencesShown)
        .map(
          ({ kind, subject, ours, theirs, decision }) =>
            `${kind} ${subject}: ours ${ours}, theirs ${theirs}; ${decision}`,
        ),
      ...(more > 0 ? [`and ${more} more in the activity log`] : []),
    ],
    at: meta.occurredAt,
    // The timer compares again and again: what stays open is told once and then counted.
    burst: `books:${accountId}`,
  };
}

/** These are told by the change of the bot itself. */
const toldElsewhere: ReadonlySet<string> = new Set([
  'BOT_CREATED',
  'BOT_DELETED',
  'BOT_STEP_FAILED',
  'BOT_STATE_UNREADABLE',
  'BOT_STRATEGY_GONE',
  'BOT_PARAMETERS_REFUSED',
]);

/** A warning or an error of the activity log that nothing else tells. */
export function noticeOfActivity({ meta, activity }: ActivityLogged, told: UserId): Notice | null {
  const level = noticeLevelOf(activity.level);
  if (level === null || toldElsewhere.has(activity.code)) return null;
  return {
    id: meta.eventId,
    kind: 'activity',
    level,
    userId: told,
    botId: activity.botId,
    mode: null,
    title: activity.text === '' ? activity.code : activity.text,
    lines: [activity.code],
    at: meta.occurredAt,
    burst: `activity:${activity.botId ?? 'all'}:${activity.code}`,
  };
}

function noticeLevelOf(level: ActivityLogged['activity']['level']): NoticeLevel | null {
  return level === 'WARNING' || level === 'ERROR' ? level : null;
}
