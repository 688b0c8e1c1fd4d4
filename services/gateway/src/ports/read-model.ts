import type { AccountId, ActivityLevel, BotId, ClientOrderId, UserId } from '@scalpstorm/model';
import type { Listing, Page } from '../domain/cursor.js';
import type {
  AccountView,
  ActivityView,
  BalanceView,
  BotView,
  CycleView,
  FillView,
  OrderEventView,
  OrderView,
  PositionView,
} from '../domain/views.js';

export interface OrderFilter {
  readonly bot: BotId | null;
  /** Null: both. */
  readonly open: boolean | null;
}
export interface ActivityFilter {
  readonly bot: BotId | null;
  readonly level: ActivityLevel | null;
}
/** May opening orders leave? The stricter of the platform's and the user's own state. */
export interface TradingStateView {
  readonly state: 'active' | 'halted';
  readonly text: string;
  readonly since: string | null;
}
/** One account with what is in it. */
export interface Holdings extends AccountView {
  readonly balances: readonly BalanceView[];
  readonly positions: readonly PositionView[];
}

/** What users may see of what happened. Every question carries who asks: an object of somebody else does not exist. */
export abstract class ReadModel {
  abstract bot(userId: UserId, botId: BotId): Promise<BotView | null>;
  abstract bots(userId: UserId, page: Page): Promise<Listing<BotView>>;
  /** Bots that are not stopped, and where asked those that are and still hold something; of one user or (null) of all. */
  abstract activeBots(
    userId: UserId | null,
    wanted: { readonly limit: number; readonly orHolding: boolean },
  ): Promise<readonly { readonly botId: BotId; readonly userId: UserId }[]>;
  abstract order(userId: UserId, clientOrderId: ClientOrderId): Promise<OrderView | null>;
  abstract orders(userId: UserId, filter: OrderFilter, page: Page): Promise<Listing<OrderView>>;
  /** Oldest first; empty also when they are older than what is kept. */
  abstract orderEvents(userId: UserId, clientOrderId: ClientOrderId): Promise<readonly OrderEventView[]>;
  abstract fills(userId: UserId, bot: BotId | null, page: Page): Promise<Listing<FillView>>;
  abstract cycles(userId: UserId, bot: BotId, page: Page): Promise<Listing<CycleView>>;
  /** Also lines that concern everybody. */
  abstract activity(userId: UserId, filter: ActivityFilter, page: Page): Promise<Listing<ActivityView>>;
  abstract holdings(userId: UserId): Promise<readonly Holdings[]>;
  abstract tradingState(userId: UserId): Promise<TradingStateView>;
  /** How many bots of the user trade at that account: those that are not stopped, or all. */
  abstract botsAt(userId: UserId, accountId: AccountId, which: 'active' | 'any'): Promise<number>;
  abstract ownsAccount(userId: UserId, accountId: AccountId): Promise<boolean>;
  /** Null: nobody is set up yet. */
  abstract accountOwner(accountId: AccountId): Promise<UserId | null>;
}
