import type {
  NotificationAnswer,
  NotificationCommand,
  NotificationProfile,
  VenueAccount,
  VenueAccountAnswer,
  VenueAccountRequest,
} from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { VenueId } from '@scalpstorm/model';
import { MasterKeys, SealedBoxes } from '@scalpstorm/vault';

type Change = Exclude<VenueAccountRequest, { kind: 'list' }>;

/** Execution, as far as the accounts of users go: it opens what was sealed for it. */
export class PlayedVenueAccounts {
  readonly #boxes = new SealedBoxes(MasterKeys.parse('cd'.repeat(32)));
  readonly #rows = new Map<string, VenueAccount>();
  /** What was sealed, as execution reads it. */
  readonly opened: string[] = [];

  answer(request: VenueAccountRequest): VenueAccountAnswer {
    const accounts = request.kind === 'list' ? [...this.#rows.values()] : this.#obey(request);
    const offers = (['demo', 'live'] as const).map((mode) => ({ venue: VenueId.of('sim'), mode, title: 'Simulated' }));
    return { ok: true, value: { sealingKey: this.#boxes.publicKey, offers, accounts } };
  }

  #obey(request: Change): readonly VenueAccount[] {
    const { accountId, userId } = request;
    if (request.kind === 'delete') {
      this.#rows.delete(accountId);
      return [];
    }
    if (request.kind === 'add' || request.kind === 'rotate') {
      this.opened.push(this.#boxes.open(request.sealed, `venue-account:${userId}:${accountId}`));
    }
    const known = this.#rows.get(accountId) ?? added(request);
    const state = request.kind === 'disable' ? ('disabled' as const) : ('enabled' as const);
    const row = { ...known, state, label: request.kind === 'relabel' ? request.label : known.label };
    this.#rows.set(accountId, row);
    return [row];
  }
}

function added(request: Change): VenueAccount {
  if (request.kind !== 'add') throw new Error('the gateway asked for an account that does not exist');
  const { accountId, userId, label, venue, mode } = request;
  const now = Timestamp.fromMillis(1_000);
  const check = { checkedAt: now, mayTrade: true, mayWithdraw: true, warning: 'this key may withdraw' };
  const fresh = { state: 'enabled' as const, keyEnding: '', check, createdAt: now, changedAt: now };
  return { accountId, userId, label, venue, mode, ...fresh };
}

/** The notifications service, which remembers what it was asked. */
export class PlayedNotifications {
  readonly commands: NotificationCommand[] = [];

  answer(command: NotificationCommand): NotificationAnswer {
    this.commands.push(command);
    const { kind } = command;
    const preferences = kind === 'set-preferences' ? command.preferences : profile.preferences;
    const expiresAt = Timestamp.fromMillis(1_700_000_000_000);
    const linkCode = kind === 'link-telegram' ? { code: 'ABCDEFGH23', link: '', expiresAt } : null;
    const webhookSecret = kind === 'set-webhook' ? 'whsec_of_the_test' : null;
    return { ok: true, value: { ...profile, preferences, linkCode, webhookSecret } };
  }
}

const profile: NotificationProfile = {
  channels: [
    { channel: 'telegram', state: 'up', text: '' },
    { channel: 'email', state: 'down', text: 'the mail server does not take mail' },
    { channel: 'webhook', state: 'off', text: 'not configured' },
  ],
  links: [{ id: 'chat1', label: '@ann', linkedAt: Timestamp.fromMillis(1_000) }],
  email: { address: 'ann@example.com', verified: false },
  webhookUrl: null,
  preferences: {
    timeZone: 'UTC',
    quietHours: null,
    summaryAt: null,
    levels: { telegram: 'INFO', email: 'WARNING', webhook: 'INFO' },
    muted: [{ kind: 'order-placed', channel: 'email' }],
  },
  failed: [
    { id: '17', channel: 'email', title: 'a fill', error: '550', attempts: 24, createdAt: Timestamp.fromMillis(1_000) },
  ],
  linkCode: null,
  webhookSecret: null,
};
