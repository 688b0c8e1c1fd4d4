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
import { AccountId, BotId, type RiskScope, UserId } from '@scalpstorm/model';
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
    const { kind, id } = event.scope;
    const name = kind === 'bot' && BotId.is(id) ? (this.bots.get(id)?.config.name ?? null) : null;
    await this.notify.tellEach(this.concernedBy(event.scope), (userId) => noticeOfTradingState(event, userId, name));
    return done;
  }

  /** A venue is everybody's business, and so is a market there. A bot that nobody knows here is nobody's. */
  private concernedBy({ kind, id }: RiskScope): readonly UserId[] {
    switch (kind) {
      case 'platform':
      case 'venue':
      case 'instrument':
        return this.notify.everybody();
      case 'user':
        return [UserId.of(id)];
      case 'account':
        return this.bots.usersOf(AccountId.of(id));
      case 'bot': {
        const owner = BotId.is(id) ? this.bots.get(id)?.userId : undefined;
        return owner === undefined ? [] : [owner];
      }
    }
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
