import type { Timestamp } from '@scalpstorm/kernel';
import type {
  AccountId,
  ActivityLevel,
  BotId,
  ClientOrderId,
  RiskScope,
  TradingState,
  UserId,
  VenueId,
} from '@scalpstorm/model';
import type { Listing, Page } from '../domain/cursor.js';
import type {
  AccountView,
  ActivityView,
  BalanceView,
  BotView,
  CycleView,
  DifferenceView,
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
  readonly state: TradingState;
  readonly text: string;
  readonly since: string | null;
}
/** The next rows after one; for whoever goes through all of them. */
export interface NextRows {
  readonly limit: number;
  /** Null: from the first. */
  readonly after: bigint | null;
}
export interface ActiveBot {
  readonly sequence: bigint;
  readonly botId: BotId;
  readonly userId: UserId;
  readonly view: BotView;
}
export interface OpenOrder {
  readonly sequence: bigint;
  readonly clientOrderId: ClientOrderId;
  readonly accountId: AccountId;
  readonly botId: BotId | null;
  readonly purpose: OrderView['purpose'];
}
/** One account with what is in it. */
export interface Holdings extends AccountView {
  readonly balances: readonly BalanceView[];
  readonly positions: readonly PositionView[];
}

/** How an account and its venue agreed when they were compared the last time. */
export interface Comparison {
  readonly account: string;
  /** Null: not compared yet. */
  readonly at: Timestamp | null;
  readonly reconciled: boolean;
  readonly differences: readonly DifferenceView[];
}

/** What users may see of what happened. Every question carries who asks: an object of somebody else does not exist. */
export abstract class ReadModel {
  abstract bot(userId: UserId, botId: BotId): Promise<BotView | null>;
  abstract bots(userId: UserId, page: Page): Promise<Listing<BotView>>;
  /**
   * Bots that are not stopped, and where asked those that are and still hold something; oldest first.
   * @param reach whom it is asked for: it is not asked here who may
   */
  abstract activeBots(
    reach: RiskScope,
    wanted: NextRows & { readonly orHolding: boolean },
  ): Promise<readonly ActiveBot[]>;
  /** Oldest first. @param reach whom it is asked for: it is not asked here who may */
  abstract openOrders(reach: RiskScope, wanted: NextRows): Promise<readonly OpenOrder[]>;
  /** What is held and no bot closes: it has none, or it was deleted. @param reach whom it is asked for: it is not asked here who may */
  abstract positionsOfNoBot(reach: RiskScope): Promise<readonly PositionView[]>;
  /** Those in reach; of a bot the one that it trades at. @param reach whom it is asked for: it is not asked here who may */
  abstract accountsIn(reach: RiskScope): Promise<readonly AccountId[]>;
  abstract order(userId: UserId, clientOrderId: ClientOrderId): Promise<OrderView | null>;
  abstract orders(userId: UserId, filter: OrderFilter, page: Page): Promise<Listing<OrderView>>;
  /** Oldest first; empty also when they are older than what is kept. */
  abstract orderEvents(userId: UserId, clientOrderId: ClientOrderId): Promise<readonly OrderEventView[]>;
  abstract fills(userId: UserId, bot: BotId | null, page: Page): Promise<Listing<FillView>>;
  abstract cycles(userId: UserId, bot: BotId, page: Page): Promise<Listing<CycleView>>;
  /** Also lines that concern everybody. */
  abstract activity(userId: UserId, filter: ActivityFilter, page: Page): Promise<Listing<ActivityView>>;
  abstract holdings(userId: UserId): Promise<readonly Holdings[]>;
  /** Of every account of the user. */
  abstract comparisons(userId: UserId): Promise<readonly Comparison[]>;
  abstract tradingState(userId: UserId): Promise<TradingStateView>;
  /** How many bots of the user trade at that account: those that are not stopped, or all. */
  abstract botsAt(userId: UserId, accountId: AccountId, which: 'active' | 'any'): Promise<number>;
  abstract ownsAccount(userId: UserId, accountId: AccountId): Promise<boolean>;
  /** Null: nobody is set up yet. */
  abstract accountOwner(accountId: AccountId): Promise<UserId | null>;
  /** Null: there is no such account. */
  abstract accountVenue(accountId: AccountId): Promise<VenueId | null>;
  /** Null: there is no such bot. */
  abstract botOwner(botId: BotId): Promise<UserId | null>;
}
