import { Controller } from '@nestjs/common';
import { done, Hears, type MessageContext, type Outcome } from '@scalpstorm/bus';
import {
  type AccountChanged,
  type ActivityLogged,
  accountChanged,
  activityLogged,
  type Reconciled,
  reconciled,
  type TradingStateChanged,
  tradingStateChanged,
} from '@scalpstorm/contracts';
import { UserId } from '@scalpstorm/model';
import { accountView, activityView, balanceView, positionView } from '../../domain/views.js';
import { Projection } from '../../ports/projection.js';
import { ReadModel } from '../../ports/read-model.js';
import { LiveTells } from '../stream/live-tells.js';
import { eachAlone, foldsAtOnce } from './concurrency.js';
import { isOldNews } from './old-news.js';

/** Holdings, reconciliations, the state of trading and the log. */
@Controller()
export class OperationsEventsHandler {
  constructor(
    private readonly projection: Projection,
    private readonly readModel: ReadModel,
    private readonly live: LiveTells,
  ) {}

  @Hears(accountChanged, { ...foldsAtOnce, keyOf: eachAlone })
  async accountChanged(event: AccountChanged, context: MessageContext): Promise<Outcome> {
    const isNew = await this.projection.fold({ kind: 'account-changed', event });
    if (isOldNews(isNew, context)) return done;
    const { account, meta } = event;
    const userId = await this.readModel.accountOwner(account.id);
    if (userId === null) return done;
    const row = {
      ...accountView(account),
      balances: event.balances.map((balance) => balanceView(balance, account)),
      positions: event.positions.map((position) => positionView(position, account)),
    };
    const entity = { id: account.id, rank: meta.recordedAt };
    await this.live.tell({ channel: 'accounts', userId, row, entity, at: meta.occurredAt }, isNew);
    return done;
  }

  @Hears(reconciled, { ...foldsAtOnce, keyOf: eachAlone })
  async reconciled(event: Reconciled): Promise<Outcome> {
    await this.projection.fold({ kind: 'reconciled', event });
    return done;
  }

  @Hears(tradingStateChanged, { concurrency: 1 })
  async tradingStateChanged(event: TradingStateChanged, context: MessageContext): Promise<Outcome> {
    const isNew = await this.projection.fold({ kind: 'trading-state-changed', event });
    if (isOldNews(isNew, context)) return done;
    const { scope, meta } = event;
    // What binds one account or bot is no state of the user.
    if (scope.kind !== 'platform' && scope.kind !== 'user') return done;
    const userId = scope.kind === 'user' ? UserId.of(scope.id) : null;
    await this.live.tell({ channel: 'state', userId, row: null, entity: null, at: meta.occurredAt }, isNew);
    return done;
  }

  @Hears(activityLogged, { ...foldsAtOnce, keyOf: eachAlone })
  async activityLogged(event: ActivityLogged, context: MessageContext): Promise<Outcome> {
    const isNew = await this.projection.fold({ kind: 'activity-logged', event });
    if (isOldNews(isNew, context)) return done;
    const { activity, meta } = event;
    const row = activityView(activity, meta);
    const { userId } = activity;
    await this.live.tell({ channel: 'activity', userId, row, entity: null, at: meta.occurredAt }, isNew);
    return done;
  }
}
