import type { AccountId, BotId, InstrumentId, UserId, VenueId } from './ids.js';

/** Whom a trading state or a limit binds, the widest first. */
export const scopeKinds = ['platform', 'venue', 'instrument', 'user', 'account', 'bot'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

export interface RiskScope {
  readonly kind: ScopeKind;
  /** Empty for the platform. */
  readonly id: string;
}

/** What an order or a bot says of itself; an order by hand is no bot's. */
export interface ScopeMember {
  readonly instrumentId: InstrumentId;
  readonly userId: UserId;
  readonly accountId: AccountId;
  readonly botId: BotId | null;
}

/** Visible ASCII, as every id. */
const idPattern = /^[\x21-\x7e]{1,128}$/;
const platform: RiskScope = { kind: 'platform', id: '' };

export const RiskScope = {
  platform,
  venue: (id: VenueId): RiskScope => ({ kind: 'venue', id }),
  instrument: (id: InstrumentId): RiskScope => ({ kind: 'instrument', id }),
  user: (id: UserId): RiskScope => ({ kind: 'user', id }),
  account: (id: AccountId): RiskScope => ({ kind: 'account', id }),
  bot: (id: BotId): RiskScope => ({ kind: 'bot', id }),

  /** `platform`, or the kind and the id: `bot:bot_00000001`, `instrument:sim:BTC-USDT`. The same at every door. */
  format: ({ kind, id }: RiskScope): string => (kind === 'platform' ? kind : `${kind}:${id}`),

  parse(text: string): RiskScope | null {
    if (text === 'platform') return platform;
    const colon = text.indexOf(':');
    if (colon < 0) return null;
    const kind = scopeKinds.find((one) => one === text.slice(0, colon));
    const id = text.slice(colon + 1);
    return kind === undefined || kind === 'platform' || !idPattern.test(id) ? null : { kind, id };
  },

  /** Every scope that something belongs to, the widest first. */
  all({ instrumentId, userId, accountId, botId }: ScopeMember): readonly RiskScope[] {
    const venue = instrumentId.slice(0, instrumentId.indexOf(':'));
    const scopes: RiskScope[] = [
      platform,
      { kind: 'venue', id: venue },
      { kind: 'instrument', id: instrumentId },
      { kind: 'user', id: userId },
      { kind: 'account', id: accountId },
    ];
    return botId === null ? scopes : [...scopes, { kind: 'bot', id: botId }];
  },
} as const;
