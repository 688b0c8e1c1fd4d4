import type { BotChanged, CycleCompleted, NoticeKind, NoticeLevel } from '@scalpstorm/contracts';
import { type Bot, type Cycle, countedCycle, InstrumentId, Money, Price, Quantity } from '@scalpstorm/model';
import type { Notice } from './notice.js';

/** Where a user's own stop leads through; a bot that stops from anywhere else stopped by itself. */
const askedToStop: ReadonlySet<string> = new Set(['stopping', 'flattening']);

/** What a change of a bot is to its user; null when only its totals or its wishes changed. `before`: as it was last known. */
export function noticeOfBot(before: Bot | null, { meta, bot, deleted }: BotChanged): Notice | null {
  const told = deleted ? gone : turnOf(before, bot);
  if (told === null) return null;
  return {
    id: meta.eventId,
    kind: told.kind,
    level: told.level,
    userId: bot.userId,
    botId: bot.id,
    mode: bot.config.mode,
    title: `${bot.config.name} ${told.verb}`,
    lines: deleted ? [] : [whereOf(bot), ...reasonLines(bot)],
    at: meta.occurredAt,
    burst: null,
  };
}

interface Turn {
  readonly kind: NoticeKind;
  readonly level: NoticeLevel;
  readonly verb: string;
}

const gone: Turn = { kind: 'bot-deleted', level: 'INFO', verb: 'was deleted' };

function turnOf(before: Bot | null, { observed, reason }: Bot): Turn | null {
  if (before === null && reason.code === 'CREATED') return { kind: 'bot-created', level: 'INFO', verb: 'was created' };
  if (before?.observed === observed) return null;
  switch (observed) {
    case 'running':
      return { kind: 'bot-started', level: 'SUCCESS', verb: 'is running' };
    case 'paused':
      return { kind: 'bot-paused', level: 'INFO', verb: 'is paused' };
    case 'stopped':
      return before === null || askedToStop.has(before.observed)
        ? { kind: 'bot-stopped', level: 'INFO', verb: 'has stopped' }
        : { kind: 'bot-stopped-itself', level: 'WARNING', verb: 'stopped by itself' };
    case 'error':
      return { kind: 'bot-failed', level: 'ERROR', verb: 'was set aside after a fault' };
    default:
      return null;
  }
}

const whereOf = ({ config }: Bot): string => {
  const { venue, symbol } = InstrumentId.parse(config.instrumentId) ?? { venue: '', symbol: config.instrumentId };
  return `${config.strategy} · ${symbol} on ${venue}`;
};

const reasonLines = ({ reason }: Bot): string[] => (reason.text === '' ? [] : [`${reason.text} (${reason.code})`]);

/** A buy and a sell that made a pair, with what was earned, exactly. */
export function noticeOfCycle({ meta, userId, cycle }: CycleCompleted, bot: Bot | null): Notice {
  const { net } = cycle;
  const symbol = InstrumentId.parse(cycle.instrumentId)?.symbol ?? cycle.instrumentId;
  return {
    id: meta.eventId,
    kind: 'cycle-completed',
    level: net.amount < 0n ? 'WARNING' : 'SUCCESS',
    userId,
    botId: cycle.botId,
    mode: cycle.mode,
    title: `${bot?.config.name ?? cycle.botId} cycle ${countedCycle(cycle.number)}: ${signed(net)}`,
    lines: [
      `${symbol} ${Quantity.format(cycle.quantity)}: bought at ${Price.format(cycle.buyPrice)}, sold at ${Price.format(cycle.sellPrice)} (${cycle.exit})`,
      `before fees ${signed(cycle.gross)}, fees ${moneyText(cycle.fees)}${otherFeesText(cycle)}`,
    ],
    at: meta.occurredAt,
    burst: null,
  };
}

export const moneyText = (money: Money): string => `${Money.format(money)} ${money.currency}`;
export const signed = (money: Money): string => `${money.amount > 0n ? '+' : ''}${moneyText(money)}`;

/** A fee in a third currency without a known value is not in the net: it must be seen. */
function otherFeesText({ otherFees }: Cycle): string {
  const missing = otherFees.filter(({ value }) => value === null);
  if (missing.length === 0) return '';
  return `, and not in it: ${missing.map(({ fee }) => moneyText(fee)).join(', ')}`;
}
