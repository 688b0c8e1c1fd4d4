import { Injectable } from '@nestjs/common';
import type { UserId } from '@scalpstorm/model';
import type { OwnChannel } from '../../domain/channel.js';
import type { Page } from '../../domain/cursor.js';
import { ReadModel } from '../../ports/read-model.js';
import { Backtests } from '../../use-cases/backtests.js';
import { Optimisations } from '../../use-cases/optimisations.js';

/** Newest rows of a snapshot; older ones are read over HTTP. */
export const snapshotRowsMax: Readonly<
  Record<'bots' | 'openOrders' | 'orders' | 'fills' | 'activity' | 'jobs', number>
> = {
  bots: 1_000,
  openOrders: 1_000,
  orders: 100,
  fills: 100,
  activity: 200,
  jobs: 25,
};

const newest = (limit: number): Page => ({ limit, before: null });

/** Everything that a channel shows at first. */
@Injectable()
export class Snapshots {
  constructor(
    private readonly readModel: ReadModel,
    private readonly backtests: Backtests,
    private readonly optimisations: Optimisations,
  ) {}

  async of(channel: OwnChannel, userId: UserId): Promise<readonly unknown[]> {
    switch (channel) {
      case 'bots':
        return (await this.readModel.bots(userId, newest(snapshotRowsMax.bots))).data;
      case 'orders':
        return this.#orders(userId);
      case 'fills':
        return (await this.readModel.fills(userId, null, newest(snapshotRowsMax.fills))).data;
      case 'activity':
        return (await this.readModel.activity(userId, { bot: null, level: null }, newest(snapshotRowsMax.activity)))
          .data;
      case 'accounts':
        return this.readModel.holdings(userId);
      case 'jobs':
        return this.#jobs(userId);
      case 'state':
        return [await this.readModel.tradingState(userId)];
    }
  }

  /** The newest of each kind. */
  async #jobs(userId: UserId): Promise<readonly unknown[]> {
    const page = newest(snapshotRowsMax.jobs);
    const [backtests, optimisations] = await Promise.all([
      this.backtests.list(userId, null, page),
      this.optimisations.list(userId, null, page),
    ]);
    return [...backtests.data, ...optimisations.data];
  }

  /** All that are open, and the newest that are over. */
  async #orders(userId: UserId): Promise<readonly unknown[]> {
    const [open, final] = await Promise.all([
      this.readModel.orders(userId, { bot: null, open: true }, newest(snapshotRowsMax.openOrders)),
      this.readModel.orders(userId, { bot: null, open: false }, newest(snapshotRowsMax.orders)),
    ]);
    return [...open.data, ...final.data];
  }
}
