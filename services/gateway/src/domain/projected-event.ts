import type {
  AccountChanged,
  ActivityLogged,
  BotChanged,
  CycleCompleted,
  OrderChanged,
  OrderDenied,
  Reconciled,
  TradingStateChanged,
} from '@scalpstorm/contracts';

/** Everything that the read model is a fold of. */
export type ProjectedEvent =
  | { readonly kind: 'bot-changed'; readonly event: BotChanged }
  | { readonly kind: 'cycle-completed'; readonly event: CycleCompleted }
  | { readonly kind: 'order-changed'; readonly event: OrderChanged }
  | { readonly kind: 'order-denied'; readonly event: OrderDenied }
  | { readonly kind: 'account-changed'; readonly event: AccountChanged }
  | { readonly kind: 'reconciled'; readonly event: Reconciled }
  | { readonly kind: 'trading-state-changed'; readonly event: TradingStateChanged }
  | { readonly kind: 'activity-logged'; readonly event: ActivityLogged };
