import type { Refusal, TradingState } from '@scalpstorm/contracts';
import { type Bot, InstrumentId, type Mode, Money } from '@scalpstorm/model';
import { signed } from './bot-notices.js';
import { chatCommands } from './chat-command.js';
import type { Formatted } from './markup.js';
import { modeMark } from './notice.js';

export const plain = (text: string): Formatted => ({ text, bold: false });
export const bold = (text: string): Formatted => ({ text, bold: true });
export const lines = (...texts: readonly string[]): Formatted[] => texts.map(plain);

export const helpReply = (): Formatted[] => [
  bold('What you can ask'),
  ...chatCommands.map(({ name, usage, says }) => plain(`/${name}${usage === '' ? '' : ` ${usage}`} - ${says}`)),
  plain('What changes something asks you first.'),
];

/** Long lists are cut: a chat is no table. */
const botsShown = 40;

export function botsReply(bots: readonly Bot[]): Formatted[] {
  if (bots.length === 0) return lines('You have no bots yet. Create one in the dashboard.');
  return [
    bold(`${bots.length} ${bots.length === 1 ? 'bot' : 'bots'}`),
    ...bots.slice(0, botsShown).map((bot) => plain(botLine(bot))),
    ...(bots.length > botsShown ? lines(`and ${bots.length - botsShown} more in the dashboard`) : []),
  ];
}

function botLine({ config, observed, totals }: Bot): string {
  const symbol = InstrumentId.parse(config.instrumentId)?.symbol ?? config.instrumentId;
  return `${modeMark(config.mode)} ${config.name} (${symbol}): ${observed}, ${totals.cycles} cycles, ${signed(totals.pnl)}`;
}

/** `trading` null: the risk gate did not answer. */
export function statusReply(bots: readonly Bot[], trading: { state: TradingState; text: string } | null): Formatted[] {
  const states = new Map<string, number>();
  for (const { observed } of bots) states.set(observed, (states.get(observed) ?? 0) + 1);
  const counts = [...states].map(([state, count]) => `${count} ${state}`).join(', ');
  const failed = bots.filter(({ observed }) => observed === 'error');
  return [
    bold(tradingText(trading)),
    plain(bots.length === 0 ? 'No bots.' : `Bots: ${counts}.`),
    ...failed.slice(0, 5).map(({ config, reason }) => plain(`${config.name}: ${reason.text} (${reason.code})`)),
    ...profitLines(bots),
  ];
}

function tradingText(trading: { state: TradingState; text: string } | null): string {
  if (trading === null) return 'Whether trading is on is not known: the risk gate did not answer.';
  if (trading.state === 'active') return 'Trading is on.';
  const what = trading.state === 'halted' ? 'is HALTED' : 'only REDUCES positions';
  return `Trading ${what}${trading.text === '' ? '.' : `: ${trading.text}`}`;
}

export function profitReply(bots: readonly Bot[]): Formatted[] {
  const earned = profitLines(bots);
  if (earned.length === 0) return lines('No cycle was completed yet.');
  return [bold('Completed cycles, after fees'), ...earned];
}

/** Modes and currencies are never summed. */
function profitLines(bots: readonly Bot[]): Formatted[] {
  const sums = new Map<string, { mode: Mode; cycles: number; pnl: Money }>();
  for (const { config, totals } of bots) {
    const key = `${config.mode} ${totals.pnl.currency}`;
    const before = sums.get(key);
    sums.set(key, {
      mode: config.mode,
      cycles: (before?.cycles ?? 0) + totals.cycles,
      pnl: before === undefined ? totals.pnl : Money.plus(before.pnl, totals.pnl),
    });
  }
  return [...sums.values()]
    .filter(({ cycles }) => cycles > 0)
    .map(({ mode, cycles, pnl }) => plain(`${modeMark(mode)}: ${signed(pnl)} in ${cycles} cycles`));
}

export const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

export const refusalText = (refusals: readonly Refusal[]): string =>
  refusals.map(({ code, text, next }) => `${text} (${code})${next === '' ? '' : ` ${next}`}`).join(' ');
