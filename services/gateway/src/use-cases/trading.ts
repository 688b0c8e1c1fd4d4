import { Injectable } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import { cancelRequested } from '@scalpstorm/contracts';
import { AccountId, type BotId, ClientOrderId, type UserId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { Listing, Page } from '../domain/cursor.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import type { ActivityView, BalanceView, FillView, OrderEventView, OrderView, PositionView } from '../domain/views.js';
import { type ActivityFilter, type OrderFilter, ReadModel } from '../ports/read-model.js';
import type { Caller } from './caller.js';

/** Orders, fills, holdings and the log of the user who asks. Every door calls these very methods. */
@Injectable()
export class Trading {
  constructor(
    private readonly bus: Bus,
    private readonly readModel: ReadModel,
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

  /** Asks the venue to cancel; the answer is the order as it was when that was asked. */
  async cancel({ user, commandId }: Caller, clientOrderId: ClientOrderId): Promise<OrderView> {
    const order = await this.#own(user.userId, clientOrderId);
    if (order.final) throw new ProblemRaised(problems.orderFinal(order.status));
    await this.#requestCancel(order, `cancel:${commandId}`);
    return order;
  }

  /** Cancels what is open and belongs to no bot, at most a page of it; returns how many. */
  async cancelAllOfNoBot({ user, commandId }: Caller, limit: number): Promise<number> {
    const open = await this.readModel.orders(user.userId, { bot: null, open: true }, { limit, before: null });
    const orphans = open.data.filter((order) => order.bot === null);
    for (const order of orphans) await this.#requestCancel(order, `cancel:${commandId}:${order.clientOrderId}`);
    return orphans.length;
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

  async #requestCancel(order: OrderView, messageId: string): Promise<void> {
    const event = {
      meta: newMeta(this.clock, null),
      accountId: AccountId.of(order.account),
      clientOrderId: ClientOrderId.of(order.clientOrderId),
      reason: 'manual' as const,
    };
    await this.bus.send(cancelRequested, event, messageId);
  }
}
