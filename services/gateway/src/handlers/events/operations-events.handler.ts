import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
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
import { accountView, activityView, balanceView, positionView } from '../../domain/views.js';
import { Projection } from '../../ports/projection.js';
import { ReadModel } from '../../ports/read-model.js';
import { LiveHub } from '../stream/live-hub.js';
import { foldsAtOnce } from './concurrency.js';

/** Holdings, reconciliations, the state of trading and the log. */
@Controller()
export class OperationsEventsHandler {
  constructor(
    private readonly projection: Projection,
    private readonly readModel: ReadModel,
    private readonly hub: LiveHub,
  ) {}

  @Hears(accountChanged, { ...foldsAtOnce, keyOf: (event: AccountChanged) => event.account.id })
  async accountChanged(event: AccountChanged): Promise<Outcome> {
    if (!(await this.projection.fold({ kind: 'account-changed', event }))) return done;
    const { account, meta } = event;
    const owner = await this.readModel.accountOwner(account.id);
    if (owner === null) return done;
    const row = {
      ...accountView(account),
      balances: event.balances.map((balance) => balanceView(balance, account)),
      positions: event.positions.map((position) => positionView(position, account)),
    };
    this.hub.push(owner, { channel: 'accounts', row, at: meta.occurredAt });
    return done;
  }

  @Hears(reconciled, { ...foldsAtOnce, keyOf: (event: Reconciled) => event.accountId })
  async reconciled(event: Reconciled): Promise<Outcome> {
    await this.projection.fold({ kind: 'reconciled', event });
    return done;
  }

  @Hears(tradingStateChanged, { concurrency: 1 })
  async tradingStateChanged(event: TradingStateChanged): Promise<Outcome> {
    if (!(await this.projection.fold({ kind: 'trading-state-changed', event }))) return done;
    const concerned = event.userId === null ? this.hub.users() : [event.userId];
    for (const userId of concerned) {
      const row = await this.readModel.tradingState(userId);
      this.hub.push(userId, { channel: 'state', row, at: event.meta.occurredAt });
    }
    return done;
  }

  @Hears(activityLogged, foldsAtOnce)
  async activityLogged(event: ActivityLogged): Promise<Outcome> {
    if (!(await this.projection.fold({ kind: 'activity-logged', event }))) return done;
    const { activity, meta } = event;
    this.hub.push(activity.userId, { channel: 'activity', row: activityView(activity, meta), at: meta.occurredAt });
    return done;
  }
}
