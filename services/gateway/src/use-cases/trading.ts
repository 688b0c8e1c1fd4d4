import { Injectable } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import { type CancelRequested, cancelRequested, orderRequested } from '@scalpstorm/contracts';
import { AccountId, type BotId, type ClientOrderId, termsFault, type UserId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { Listing, Page } from '../domain/cursor.js';
import {
  accountUnknown,
  isRepeated,
  keyOfAnotherOrder,
  manualOrder,
  type NewOrder,
  termsUnfit,
  validUntilOf,
} from '../domain/manual-order.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import {
  type ActivityView,
  type BalanceView,
  type FillView,
  type OrderEventView,
  type OrderView,
  type PositionView,
  requestedOrderView,
} from '../domain/views.js';
import { Projection } from '../ports/projection.js';
import { type ActivityFilter, type OpenOrder, type OrderFilter, ReadModel } from '../ports/read-model.js';
import type { Caller } from './caller.js';
import { manualOrderId } from './manual-order-id.js';

/** Orders, fills, holdings and the log of the user who asks. Every door calls these very methods. */
@Injectable()
export class Trading {
  constructor(
    private readonly bus: Bus,
    private readonly readModel: ReadModel,
    private readonly projection: Projection,
    private readonly clock: WallClock,
  ) {}

  orders(userId: UserId, filter: OrderFilter, page: Page): Promise<Listing<OrderView>> {
    return this.readModel.orders(userId, filter, page);
  }

  /** @throws ProblemRaised NOT_FOUND also for the order of somebody else */
  async order(
    userId: UserId,
    clientOrderId: ClientOrderId,
  ): Promise<OrderView & { readonly events: readonly OrderEventView[] }> {
    const order = await this.#own(userId, clientOrderId);
    return { ...order, events: await this.readModel.orderEvents(userId, clientOrderId) };
  }

  /**
   * Asks the risk gate for an order of no bot: as any other it leaves when the gate has approved it. The answer is the order as it was
   * asked for; its id follows from the caller's command alone, so that a repeat is the same order.
   */
  async place(caller: Caller, wish: NewOrder): Promise<OrderView> {
    const { userId } = caller.user;
    const account = (await this.readModel.holdings(userId)).find(({ id }) => id === wish.account);
    if (account === undefined) throw new ProblemRaised(accountUnknown(wish.account));
    const request = manualOrder(wish, { userId, clientOrderId: manualOrderId(caller), account });
    const fault = termsFault(request);
    if (fault !== null) throw new ProblemRaised(termsUnfit(fault));
    const meta = newMeta(this.clock, null);
    const view = requestedOrderView(request, meta.occurredAt);
    // What is known was sent: the same id asked for again would get the first verdict, and nothing would be ordered.
    const known = await this.readModel.order(userId, request.clientOrderId);
    if (known !== null && isRepeated(known, view)) return known;
    if (known !== null) throw new ProblemRaised(keyOfAnotherOrder(known));
    const validUntil = validUntilOf(meta.occurredAt);
    const asked = { meta, order: request, ask: 1, marketAt: null, validUntil };
    await this.bus.send(orderRequested, asked, `${request.clientOrderId}:1`);
    await this.projection.foldRequest(request, { askedAt: meta.occurredAt, validUntil });
    return view;
  }

  /** Asks the venue to cancel; the answer is the order as it was when that was asked. */
  async cancel({ user, commandId }: Caller, clientOrderId: ClientOrderId): Promise<OrderView> {
    const order = await this.#own(user.userId, clientOrderId);
    if (order.final) throw new ProblemRaised(problems.orderFinal(order.status));
    const accountId = AccountId.of(order.account);
    await this.#requestCancel({ accountId, clientOrderId, reason: 'manual' }, `cancel:${commandId}`);
    return order;
  }

  /** For a halt: straight to execution, whoever else is away. A repeat is harmless. @throws SendFailed */
  async cancelForHalt(
    { commandId }: Caller,
    { accountId, clientOrderId }: Pick<OpenOrder, 'accountId' | 'clientOrderId'>,
  ): Promise<void> {
    await this.#requestCancel({ accountId, clientOrderId, reason: 'halt' }, `cancel:${commandId}:${clientOrderId}`);
  }

  fills(userId: UserId, bot: BotId | null, page: Page): Promise<Listing<FillView>> {
    return this.readModel.fills(userId, bot, page);
  }

  async positions(userId: UserId): Promise<readonly PositionView[]> {
    return (await this.readModel.holdings(userId)).flatMap((account) => account.positions);
  }

  async balances(userId: UserId): Promise<readonly BalanceView[]> {
    return (await this.readModel.holdings(userId)).flatMap((account) => account.balances);
  }

  activity(userId: UserId, filter: ActivityFilter, page: Page): Promise<Listing<ActivityView>> {
    return this.readModel.activity(userId, filter, page);
  }

  async #own(userId: UserId, clientOrderId: ClientOrderId): Promise<OrderView> {
    const order = await this.readModel.order(userId, clientOrderId);
    if (order === null) throw new ProblemRaised(problems.notFound('order'));
    return order;
  }

  async #requestCancel(wish: Omit<CancelRequested, 'meta'>, messageId: string): Promise<void> {
    await this.bus.send(cancelRequested, { meta: newMeta(this.clock, null), ...wish }, messageId);
  }
}
