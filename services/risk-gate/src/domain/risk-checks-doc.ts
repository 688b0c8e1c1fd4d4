import { checks, limitNames, type Refusal, type RiskLimits, tightenable } from '@scalpstorm/engine';
import { settingNames } from './limit-texts.js';
import type { LimitSettings } from './limits.js';

/** What an operator turns to move a limit; null: it is not a setting. */
const settingOf: Readonly<Record<keyof RiskLimits, readonly (keyof LimitSettings)[] | null>> = {
  currency: ['RISK_CURRENCY'],
  orderNotionalMax: ['RISK_ORDER_NOTIONAL_MAX'],
  botPositionMax: ['RISK_BOT_EXPOSURE_MAX'],
  accountExposureMax: ['RISK_ACCOUNT_EXPOSURE_MAX'],
  userExposureMax: ['RISK_USER_EXPOSURE_MAX'],
  venueExposureMax: ['RISK_VENUE_EXPOSURE_MAX'],
  openOrdersPerBotMax: ['RISK_OPEN_ORDERS_PER_BOT_MAX', 'RISK_OPEN_ORDERS_PER_ACCOUNT_MAX'],
  openOrdersPerAccountMax: ['RISK_OPEN_ORDERS_PER_ACCOUNT_MAX'],
  identicalOrdersMax: ['RISK_IDENTICAL_ORDERS_PER_BOT_MAX'],
  ordersPerBotMax: ['RISK_ORDERS_PER_SECOND_PER_BOT_MAX', 'RISK_ORDERS_PER_SECOND_PER_ACCOUNT_MAX'],
  ordersPerAccountMax: ['RISK_ORDERS_PER_SECOND_PER_ACCOUNT_MAX'],
  rateWindow: null,
  priceCollarBps: ['RISK_PRICE_COLLAR_BPS'],
  marketDataAgeMax: ['RISK_MARKET_AGE_MS_MAX'],
  marketDataLeadMax: null,
  balanceAgeMax: ['RISK_BALANCE_AGE_MS_MAX'],
  clockOffsetMax: ['RISK_CLOCK_OFFSET_MS_MAX'],
};

/** Not settings: how far ahead of our clock market data may be. */
const fixed: Partial<Record<keyof RiskLimits, string>> = { marketDataLeadMax: '5 s' };

const limitText = ({ limit }: Refusal): string => {
  if (typeof limit !== 'string') return limit.words;
  const settings = settingOf[limit];
  return settings === null ? (fixed[limit] ?? limit) : settings.map((name) => `\`${name}\``).join(', ');
};

/** `docs/risk-checks.md`, from the table that the gate goes by. `defaults`: of the settings, as texts. */
export function riskChecksDocument(defaults: Readonly<Record<string, string>>): string {
  const rows = checks.flatMap(({ name, closing, refusals }, index) =>
    refusals.map((refusal, place) => {
      const head = place === 0 ? [`${index + 1}`, name, closing ? 'yes' : 'no'] : ['', '', ''];
      const field = refusal.field === '' ? '' : `\`${refusal.field}\``;
      return `| ${[...head, `\`${refusal.code}\``, field, limitText(refusal), refusal.next].join(' | ')} |`;
    }),
  );
  const settings = [...new Set(Object.values(settingOf).flatMap((names) => names ?? []))];
  return [
    ...introduction,
    ...rows,
    ...elsewhere,
    ...settings.map((name) => `| \`${name}\` | ${defaults[name] ?? ''} | ${scopesOf(name)} |`),
    '',
  ].join('\n');
}

/** For whom a setting may be tightened. */
function scopesOf(setting: string): string {
  const name = limitNames.find((one) => settingNames[one] === setting);
  return name === undefined ? '' : tightenable[name].join(', ');
}

const introduction = [
  '# The checks of the risk gate',
  '',
  'Written by `node services/risk-gate/scripts/risk-checks-doc.mjs` from the table that the gate goes by; a spec keeps it true.',
  '',
  'Every order is checked in this order, and the first check that fails is the answer: a code, the field, the limit, the value and',
  'the next step. An opening order meets every check, and is denied when something needed is not known. A closing order (a bot giving',
  'back what its own fills hold) meets only those that say so: no limit, no halt and no missing price keeps anybody in the market.',
  'Trading states are of the platform, a venue, an instrument, a user, an account or a bot, and the strictest binds: `halted` lets closing orders through and nothing else;',
  '`reducing` also opening ones, as far as they bring the position of their own bot toward zero. Cancels never come here.',
  '',
  '| # | Check | Also for closing | Code | Field | Limit | Next step |',
  '|---|---|---|---|---|---|---|',
];

const elsewhere = [
  '',
  'Where a check looks at what may still happen, everything counts: what is held, what works, what is in doubt, and what was approved',
  'and not yet heard of. An approval gives its place back when its time is over *and* execution’s books know nothing of the order.',
  '',
  '## Not here',
  '',
  '- Leverage: an order has none. A bot on a spot market that asks for other than 1 is refused when it is made (`LEVERAGE_NOT_ON_SPOT`).',
  '- Margin: no account has any.',
  '- Self-trade is looked for within one account, which is where a venue would let it happen.',
  '',
  '## Settings',
  '',
  'Of the service risk-gate: what holds for everybody, and the outermost bound of what anybody may set. `PATCH /v1/risk/limits` (`scalpstorm risk',
  'set-limit`) tightens one for the platform, a venue, a user, an account or a bot, as the last column says; of all that an order belongs to the',
  'tightest holds, so a narrower scope never loosens. A denial says whose limit it was. Accounts and bots are their owner’s to tighten, everything is for people',
  'of role `risk` or `admin`.',
  '',
  '| Setting | Default | May be tightened for |',
  '|---|---|---|',
];
