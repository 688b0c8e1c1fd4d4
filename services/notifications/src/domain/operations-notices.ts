import type { ActivityLogged, NoticeLevel, Reconciled, TradingStateChanged } from '@scalpstorm/contracts';
import { BotId, type RiskScope, type UserId } from '@scalpstorm/model';
import type { Notice } from './notice.js';

const differencesShown = 5;

const stands = {
  active: {
    kind: 'trading-released',
    level: 'SUCCESS',
    what: 'goes on',
    effect: 'Bots may open positions again.',
  },
  reducing: {
    kind: 'trading-halted',
    level: 'WARNING',
    what: 'only reduces',
    effect: 'Only what brings a position toward zero is ordered; what is held can still be closed.',
  },
  halted: {
    kind: 'trading-halted',
    level: 'ERROR',
    what: 'is halted',
    effect: 'Nothing new is opened; what is held can still be closed.',
  },
} as const;

/** Trading was halted, held to reducing, or released, for whom the event says. `name`: of the bot, where it is one's. */
export function noticeOfTradingState(
  { meta, scope, state, text }: TradingStateChanged,
  told: UserId,
  name: string | null = null,
): Notice {
  const { kind, level, what, effect } = stands[state];
  return {
    id: meta.eventId,
    kind,
    level,
    userId: told,
    botId: scope.kind === 'bot' && BotId.is(scope.id) ? scope.id : null,
    mode: null,
    title: `Trading ${what} for ${whose(scope, name)}`,
    lines: [...(text === '' ? [] : [text]), effect],
    at: meta.occurredAt,
    burst: null,
  };
}

function whose({ kind, id }: RiskScope, name: string | null): string {
  if (kind === 'platform') return 'the whole platform';
  return kind === 'user' ? 'all your bots' : `the ${kind} ${name ?? id}`;
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
