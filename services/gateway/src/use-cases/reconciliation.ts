import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import {
  type AccountStanding,
  type DifferenceRecord,
  type ExternalDecision,
  type ExternalOrder,
  type ReconciliationStanding,
  reconciliationQuestion,
} from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, Price, Quantity, type UserId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { type Listing, listingOf, type Page } from '../domain/cursor.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import { differenceView, venueAndSymbol } from '../domain/views.js';
import type { Caller } from './caller.js';
import { Platform, type ReconciliationView } from './platform.js';
import { accepted } from './refusals.js';

/** The venues are asked in between. */
const askMs = 15_000;

export interface OfAccount {
  /** All of the user when it is not named. */
  readonly account?: AccountId | undefined;
}

/** What was found when books and venues were compared, what would be found now, and what a person decides about it. */
@Injectable()
export class Reconciliation {
  constructor(
    private readonly bus: Bus,
    private readonly platform: Platform,
    private readonly clock: WallClock,
  ) {}

  /** What each account of the user may do at this moment, and why not more. */
  async states(userId: UserId): Promise<readonly AccountStateView[]> {
    const accountIds = await this.#accounts(userId, {});
    if (accountIds.length === 0) return [];
    const { states } = accepted(await this.bus.ask(reconciliationQuestion, { kind: 'states', userId, accountIds }));
    return states.map(stateView);
  }

  /** Compares now and tells what would be done; nothing is changed. */
  async dryRun(userId: UserId): Promise<ReconciliationView> {
    const accountIds = await this.#accounts(userId, {});
    const at = Timestamp.toIso(this.clock.now());
    if (accountIds.length === 0) return { reconciled: true, at, differences: [] };
    const request = { kind: 'compare', userId, accountIds } as const;
    const { states, differences } = accepted(await this.bus.ask(reconciliationQuestion, request, askMs));
    const reconciled = differences.length === 0 && states.every(({ kind }) => kind === 'trading');
    return { reconciled, at, differences: differences.map(differenceView) };
  }

  async differences(userId: UserId, wish: OfAccount, page: Page): Promise<Listing<DifferenceRecordView>> {
    const { history } = await this.#rows('differences', userId, wish, page);
    return listingOf(
      history.map((record) => ({ sequence: record.id, view: recordView(record) })),
      page.limit,
    );
  }

  async externalOrders(userId: UserId, wish: OfAccount, page: Page): Promise<Listing<ExternalOrderView>> {
    const { externalOrders } = await this.#rows('external-orders', userId, wish, page);
    return listingOf(
      externalOrders.map((order) => ({ sequence: order.id, view: externalOrderView(order) })),
      page.limit,
    );
  }

  /** @throws ProblemRaised when it is none of the user's, or when it can not be done */
  async decide({ user }: Caller, id: string, decision: ExternalDecision): Promise<ExternalOrderView> {
    const accountIds = await this.#accounts(user.userId, {});
    if (accountIds.length === 0) throw new ProblemRaised(problems.notFound('external order'));
    const request = { kind: 'decide', userId: user.userId, accountIds, externalOrderId: BigInt(id), decision } as const;
    const { externalOrders } = accepted(await this.bus.ask(reconciliationQuestion, request, askMs));
    const [order] = externalOrders;
    if (order === undefined) throw new ProblemRaised(problems.notFound('external order'));
    return externalOrderView(order);
  }

  async #rows(
    kind: 'differences' | 'external-orders',
    userId: UserId,
    wish: OfAccount,
    { before, limit }: Page,
  ): Promise<Pick<ReconciliationStanding, 'history' | 'externalOrders'>> {
    const accountIds = await this.#accounts(userId, wish);
    if (accountIds.length === 0) return { history: [], externalOrders: [] };
    const request = { kind, userId, accountIds, before, limit: limit + 1 } as const;
    return accepted(await this.bus.ask(reconciliationQuestion, request));
  }

  /** @throws ProblemRaised when the named one is not the user's */
  async #accounts(userId: UserId, { account }: OfAccount): Promise<readonly AccountId[]> {
    const own = (await this.platform.accounts(userId)).map(({ id }) => AccountId.of(id));
    if (account === undefined) return own;
    if (!own.includes(account)) throw new ProblemRaised(problems.notFound('account'));
    return [account];
  }
}

type AccountStateView = ReturnType<typeof stateView>;
const stateView = ({ accountId, kind, code, text, circuit }: AccountStanding) => ({
  account: accountId as string,
  state: kind,
  code,
  text,
  circuit,
});

type DifferenceRecordView = ReturnType<typeof recordView>;
const recordView = ({ id, foundAt, trigger, difference }: DifferenceRecord) => ({
  id: id.toString(),
  at: Timestamp.toIso(foundAt),
  trigger,
  ...differenceView(difference),
});

type ExternalOrderView = ReturnType<typeof externalOrderView>;
const externalOrderView = (order: ExternalOrder) => ({
  id: order.id.toString(),
  account: order.accountId as string,
  ...venueAndSymbol(order.instrumentId),
  venueOrderId: order.venueOrderId as string,
  clientOrderId: order.clientOrderId,
  side: order.side,
  quantity: Quantity.format(order.quantity),
  filledQuantity: Quantity.format(order.filledQuantity),
  price: order.price === null ? null : Price.format(order.price),
  working: order.working,
  seenAt: Timestamp.toIso(order.seenAt),
  decision: order.decision?.kind ?? null,
  decidedBy: (order.decision?.by ?? null) as string | null,
  decidedAt: order.decision === null ? null : Timestamp.toIso(order.decision.at),
  outcome: order.outcome,
});
