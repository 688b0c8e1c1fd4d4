import type {
  AccountId,
  Activity,
  BotId,
  ClientOrderId,
  InstrumentId,
  Order,
  OrderRequest,
  PlanId,
  Quantity,
  UserId,
} from '@scalpstorm/model';

/** Whose stops they are: a bot's, a plan's, or by hand where both are null. */
export interface StopsOf {
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  readonly botId: BotId | null;
  readonly planId: PlanId | null;
  /** Of the stops. */
  readonly side: OrderRequest['side'];
}

/** Stops that ended though nobody here wanted it, while what they protected is held. */
export interface LostStops extends StopsOf {
  readonly userId: UserId;
  readonly quantity: Quantity;
  /** How the newest one ended. */
  readonly why: string;
  /** Its user was told. */
  readonly told: boolean;
}

/** What survives a restart of who was left without a stop. */
export abstract class LostStopsStore {
  abstract load(accountId: AccountId): Promise<readonly LostStops[]>;
  /** Stops that ended though nobody wanted it, and that no row has counted: whoever saw them end died before he stored it. */
  abstract uncounted(accountId: AccountId): Promise<readonly Order[]>;
  /** Replaces the row; one of nothing goes. What is told, and which stops it has counted, is durable with it. */
  abstract keep(lost: LostStops, told: Activity | null, counted: readonly ClientOrderId[]): Promise<void>;
}
