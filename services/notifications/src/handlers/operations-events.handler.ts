import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import {
  type ActivityLogged,
  activityLogged,
  type Reconciled,
  reconciled,
  type TradingStateChanged,
  tradingStateChanged,
} from '@scalpstorm/contracts';
import { noticeOfActivity, noticeOfReconciliation, noticeOfTradingState } from '../domain/operations-notices.js';
import { KnownBots } from '../ports/known-bots.js';
import { Notify } from './notify.js';

/** Halts, comparisons with the venue, and the warnings of the activity log. */
@Controller()
export class OperationsEventsHandler {
  constructor(
    private readonly bots: KnownBots,
    private readonly notify: Notify,
  ) {}

  @Hears(tradingStateChanged, { concurrency: 1 })
  async tradingState(event: TradingStateChanged): Promise<Outcome> {
    const concerned = event.userId === null ? this.notify.everybody() : [event.userId];
    await this.notify.tellEach(concerned, (userId) => noticeOfTradingState(event, userId));
    return done;
  }

  /** Whoever has bots on the account. */
  @Hears(reconciled, { keyOf: (event) => event.accountId })
  async compared(event: Reconciled): Promise<Outcome> {
    const concerned = this.bots.usersOf(event.accountId);
    await this.notify.tellEach(concerned, (userId) => noticeOfReconciliation(event, userId));
    return done;
  }

  @Hears(activityLogged, { concurrency: 8 })
  async activity(event: ActivityLogged): Promise<Outcome> {
    const { userId } = event.activity;
    const concerned = userId === null ? this.notify.everybody() : [userId];
    await this.notify.tellEach(concerned, (told) => noticeOfActivity(event, told));
    return done;
  }
}
