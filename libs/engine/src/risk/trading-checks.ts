import { Timestamp } from '@scalpstorm/kernel';
import { Quantity, RiskScope } from '@scalpstorm/model';
import { closable } from './bot-standing.js';
import { type Check, words } from './check.js';
import { denial, type Finding, type Judgement, whose } from './judgement.js';
import type { TradingInForce } from './policy.js';
import { botStanding } from './standing.js';

/** A halt is against new risk. What a bot's own fills hold may always be given back, or a halt would hold it in the market. */
function notHalted({ context: { trading } }: Judgement): Finding | null {
  if (trading.state !== 'halted') return null;
  const text = `${told(trading)} Nothing is opened, what is held can be closed.`;
  return denial('TRADING_HALTED', text, ['active', 'halted'], `${release(trading)}, then the bot goes on.`);
}

/**
 * What brings the position of the bot itself toward zero passes, and never more than would flip it: what it holds less
 * everything that works on that side. The gate does not cut an order down: it would answer what nobody has asked.
 */
function onlyReduces({ request, standing, context: { trading } }: Judgement): Finding | null {
  if (trading.state !== 'reducing') return null;
  const { instrumentId, side, quantity } = request;
  const most = closable(botStanding(standing, request.botId), instrumentId, side);
  if (quantity <= most) return null;
  const room = Quantity.format(most);
  const text = `${told(trading)} Only what brings the bot’s own position toward zero is ordered: here ${room}.`;
  const smaller = most === 0n ? '' : ` Or ${side} at most ${room}, in whole steps.`;
  const next = `${release(trading)}, then the bot goes on.${smaller}`;
  return denial('TRADING_REDUCING', text, [room, Quantity.format(quantity)], next);
}

const stands = { active: 'is active', reducing: 'only reduces', halted: 'is halted' } as const;

function told({ state, scope, since, text }: TradingInForce): string {
  const from = since === null ? '' : ` since ${Timestamp.toIso(since)}`;
  const why = text === '' ? '' : ` (${text.replace(/[.!?]$/, '')})`;
  return `Trading ${stands[state]} for ${whose(scope)}${from}${why}.`;
}

const release = ({ scope }: TradingInForce): string => `Release ${RiskScope.format(scope)}`;

/** What people and breakers have said, of everybody whom the order concerns. The strictest word binds. */
export const tradingChecks: readonly Check[] = [
  {
    name: 'trading is not halted',
    closing: false,
    refusals: [
      {
        code: 'TRADING_HALTED',
        field: '',
        limit: words('a halt of the platform, the venue, the instrument, the user, the account or the bot'),
        next: 'Release whom the answer names.',
      },
    ],
    judge: notHalted,
  },
  {
    name: 'it reduces, where only that is allowed',
    closing: false,
    refusals: [
      {
        code: 'TRADING_REDUCING',
        field: '/quantity',
        limit: words(
          'what the bot’s own fills hold, less its working orders of that side, while the state is reducing',
        ),
        next: 'Release whom the answer names, or order no more than the answer says.',
      },
    ],
    judge: onlyReduces,
  },
];
