import { answering, newMeta } from '@scalpstorm/bus';
import type { NatsWorld } from '@scalpstorm/bus/testing';
import {
  type AccountAnswer,
  type AccountRequest,
  type AuditAnswer,
  type AuditRequest,
  accountQuestion,
  type BotAnswer,
  type BotCommand,
  botQuestion,
  executionAuditQuestion,
  type Flatness,
  type FlatRequest,
  flatQuestion,
  type InstrumentsReply,
  instrumentsQuestion,
  type JournalPage,
  type JournalRequest,
  journalQuestion,
  type NotificationAnswer,
  type NotificationCommand,
  type NotificationProfile,
  notificationsQuestion,
  type OrderPlanAnswer,
  type OrderPlanRequest,
  orderPlanQuestion,
  type ReconciliationAnswer,
  type ReconciliationRequest,
  type Refusal,
  type ResearchAnswer,
  type ResearchRequest,
  type RiskAnswer,
  type RiskCommand,
  reconciliationQuestion,
  researchQuestion,
  riskAuditQuestion,
  riskQuestion,
  strategiesQuestion,
  type VenueAccount,
  type VenueAccountAnswer,
  type VenueAccountRequest,
  venueAccountQuestion,
} from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type Account, type Bot, BotId, type UserId, VenueId } from '@scalpstorm/model';
import { aBot, anAccount, anInstrument } from '@scalpstorm/testkit';
import { MasterKeys, SealedBoxes } from '@scalpstorm/vault';
import { researchAnswer } from './fake-backtests.js';
import { planAnswer } from './fake-plans.js';
import { reconciliationAnswer } from './fake-reconciliation.js';

const clock = { now: () => Timestamp.fromMillis(Date.now()) };
export const meta = () => newMeta(clock, null);

/** What the other services would answer; a test replaces what it is about. */
export class FakeServices {
  readonly bots = new Map<BotId, Bot>();
  readonly commands: BotCommand[] = [];
  readonly riskCommands: RiskCommand[] = [];
  readonly noticeCommands: NotificationCommand[] = [];
  accounts: readonly Account[] = [anAccount()];
  /** Of every bot, as strategy would keep it. */
  journal: readonly string[] = [];
  #next = 0;

  journalPage({ after, limit }: JournalRequest): JournalPage {
    const rows = this.journal.map((entry, place) => ({ number: place + 1, entry }));
    const behind = rows.filter(({ number }) => number > after);
    return { rows: behind.slice(0, limit), hasMore: behind.length > limit };
  }

  onBot: (command: BotCommand) => Promise<BotAnswer> = async (command) => this.#obey(command);
  onRisk: (command: RiskCommand) => Promise<RiskAnswer> = async (command) => ({
    ok: true,
    value: {
      state: command.kind === 'halt' ? 'halted' : 'active',
      text: command.text,
      since: clock.now(),
      states: command.kind === 'set' ? [{ ...command, since: clock.now() }] : [],
      deadMen:
        command.kind === 'arm'
          ? [{ ...command, expiresAt: Timestamp.plus(clock.now(), command.seconds * second) }]
          : [],
      limits:
        command.kind === 'limits' || command.kind === 'set-limits'
          ? [{ name: 'RISK_ORDER_NOTIONAL_MAX', value: '10000', unit: 'USDT', source: null, own: null }]
          : [],
    },
  });
  onAccount: (request: AccountRequest) => Promise<AccountAnswer> = async () => ({
    ok: true,
    value: { accounts: this.accounts, balances: [], positions: [], reconciled: true, differences: [] },
  });

  onInstruments: () => Promise<InstrumentsReply> = async () => ({ instruments: [anInstrument()], lastPrices: [] });

  readonly venueAccounts = new FakeVenueAccounts();
  /** Nothing is open anywhere. */
  onFlat: (request: FlatRequest) => Promise<Flatness> = async ({ accountIds }) => ({
    accounts: accountIds.map((accountId) => ({ accountId, code: '', text: '', orders: [], positions: [] })),
    halted: true,
  });
  onResearch: (request: ResearchRequest) => ResearchAnswer = researchAnswer;
  onPlan: (request: OrderPlanRequest) => OrderPlanAnswer = planAnswer;
  onReconciliation: (request: ReconciliationRequest) => ReconciliationAnswer = reconciliationAnswer;

  onAudit: (request: AuditRequest) => Promise<AuditAnswer> = async () => ({
    ok: true,
    value: { kind: 'chains', chains: [] },
  });

  #obey(command: BotCommand): BotAnswer {
    this.commands.push(command);
    const known = command.kind === 'create' ? this.#created(command) : this.bots.get(command.botId);
    if (known === undefined) throw new Error('the gateway asked for a bot that does not exist');
    const bot = { ...known, version: known.version + 1 };
    this.bots.set(bot.id, bot);
    return { ok: true, value: bot };
  }

  #created({ userId, config }: Extract<BotCommand, { kind: 'create' }>): Bot {
    this.#next += 1;
    return aBot({ id: BotId.of(`bot_${String(this.#next).padStart(8, '0')}`), userId, config, version: 0 });
  }
}

/** Execution, as far as the accounts of users go: it opens what was sealed for it, and forgets it. */
export class FakeVenueAccounts {
  readonly boxes = new SealedBoxes(MasterKeys.parse('ab'.repeat(32)));
  readonly rows = new Map<string, VenueAccount>();
  /** What was sealed, as execution reads it. */
  readonly opened: string[] = [];
  refusal: Refusal | null = null;

  async answer(request: VenueAccountRequest): Promise<VenueAccountAnswer> {
    if (request.kind !== 'list' && this.refusal !== null) return { ok: false, refusals: [this.refusal] };
    const own = [...this.rows.values()].filter(({ userId }) => userId === request.userId);
    const accounts = request.kind === 'list' ? own : this.#obey(request);
    const offers = [{ venue: VenueId.of('sim'), mode: 'demo' as const, title: 'Simulated exchange' }];
    return { ok: true, value: { sealingKey: this.boxes.publicKey, offers, accounts } };
  }

  #obey(request: Exclude<VenueAccountRequest, { kind: 'list' }>): readonly VenueAccount[] {
    const { userId, accountId } = request;
    if (request.kind === 'delete') {
      this.rows.delete(accountId);
      return [];
    }
    if (request.kind === 'add' || request.kind === 'rotate') {
      this.opened.push(this.boxes.open(request.sealed, `venue-account:${userId}:${accountId}`));
    }
    const known = this.rows.get(accountId) ?? this.#added(request);
    const state = request.kind === 'disable' ? ('disabled' as const) : ('enabled' as const);
    const row = { ...known, state, label: request.kind === 'relabel' ? request.label : known.label };
    this.rows.set(accountId, row);
    return [row];
  }

  #added(request: Exclude<VenueAccountRequest, { kind: 'list' }>): VenueAccount {
    if (request.kind !== 'add') throw new Error('the gateway asked for an account that does not exist');
    const now = clock.now();
    const { accountId, userId, label, venue, mode } = request;
    const check = { checkedAt: now, mayTrade: true, mayWithdraw: false, warning: '' };
    return {
      accountId,
      userId,
      label,
      venue,
      mode,
      state: 'enabled',
      keyEnding: '',
      check,
      createdAt: now,
      changedAt: now,
    };
  }
}

/** Everybody has one linked chat and one message that was given up. */
export const linkOf = (userId: UserId): string => `link-of-${userId}`;
export const failedDeliveryOf = (userId: UserId): string =>
  String([...userId].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_000_007, 7));

function notificationAnswer(command: NotificationCommand): NotificationAnswer {
  const { userId } = command;
  const refused = (code: string) => ({
    ok: false as const,
    refusals: [{ code, field: '', text: 'no', allowed: '', next: '' }],
  });
  if (command.kind === 'unlink-telegram' && command.linkId !== linkOf(userId)) return refused('LINK_NOT_FOUND');
  if (command.kind === 'retry' && command.deliveryId !== failedDeliveryOf(userId)) return refused('DELIVERY_NOT_FOUND');
  return { ok: true, value: notificationProfile(command) };
}

/** What the notifications service would answer to a user who has set nothing yet. */
const notificationProfile = ({ kind }: NotificationCommand): NotificationProfile => ({
  channels: [{ channel: 'telegram', state: 'up', text: '' }],
  links: [],
  email: null,
  webhookUrl: null,
  preferences: {
    timeZone: 'UTC',
    quietHours: null,
    summaryAt: null,
    levels: { telegram: 'INFO', email: 'WARNING', webhook: 'INFO' },
    muted: [],
  },
  failed: [],
  linkCode:
    kind === 'link-telegram'
      ? { code: 'ABCDEFGH23', link: '', expiresAt: Timestamp.fromMicros(1_700_000_000_000_000) }
      : null,
  webhookSecret: kind === 'set-webhook' ? 'whsec_of_the_rig' : null,
});

/** Connects the other services; each answers what it is asked. */
export async function play(world: NatsWorld, services: FakeServices) {
  const [strategy, risk, execution, market] = await Promise.all([
    world.connect('strategy'),
    world.connect('risk-gate'),
    world.connect('execution'),
    world.connect('market-data'),
  ]);
  const quiet = { hears: [], listens: [] };
  const strategies = [{ id: 'scalping-cycle', title: 'Scalping cycle', description: '', schema: { type: 'object' } }];
  await strategy.receiver.receive({
    ...quiet,
    answers: [
      answering(botQuestion, (command) => services.onBot(command)),
      answering(journalQuestion, async (asked) => services.journalPage(asked)),
      answering(strategiesQuestion, async () => ({ strategies })),
    ],
  });
  await risk.receiver.receive({
    ...quiet,
    answers: [
      answering(riskQuestion, (command) => {
        services.riskCommands.push(command);
        return services.onRisk(command);
      }),
      answering(riskAuditQuestion, (request) => services.onAudit(request)),
    ],
  });
  await execution.receiver.receive({
    ...quiet,
    answers: [
      answering(accountQuestion, (request) => services.onAccount(request)),
      answering(executionAuditQuestion, (request) => services.onAudit(request)),
      answering(venueAccountQuestion, (request) => services.venueAccounts.answer(request)),
      answering(flatQuestion, async (request) => services.onFlat(request)),
      answering(orderPlanQuestion, async (request) => services.onPlan(request)),
      answering(reconciliationQuestion, async (request) => services.onReconciliation(request)),
    ],
  });
  const notifications = await world.connect('notifications');
  const told = async (command: NotificationCommand) => {
    services.noticeCommands.push(command);
    return notificationAnswer(command);
  };
  await notifications.receiver.receive({ ...quiet, answers: [answering(notificationsQuestion, told)] });
  const research = await world.connect('research');
  await research.receiver.receive({
    ...quiet,
    answers: [answering(researchQuestion, async (request) => services.onResearch(request))],
  });
  await market.receiver.receive({
    ...quiet,
    answers: [answering(instrumentsQuestion, () => services.onInstruments())],
  });
  return { strategy, 'risk-gate': risk, execution, 'market-data': market, research };
}
