import { unreachable } from '@scalpstorm/kernel';
import { RiskScope } from '@scalpstorm/model';
import type { ProjectedEvent } from './projected-event.js';

/**
 * In the order of the rows that they change, those of one row as they came. Two gateways that take rows in one order wait for
 * one another and never in a circle.
 */
export function inFoldOrder<Fold extends { readonly input: ProjectedEvent }>(folds: readonly Fold[]): readonly Fold[] {
  if (folds.length < 2) return folds;
  return folds
    .map((fold) => ({ fold, row: rowOf(fold.input) }))
    .sort((left, right) => (left.row < right.row ? -1 : left.row > right.row ? 1 : 0))
    .map(({ fold }) => fold);
}

function rowOf(input: ProjectedEvent): string {
  switch (input.kind) {
    case 'bot-changed':
      return `bot ${input.event.bot.id}`;
    case 'cycle-completed':
      return `cycle ${input.event.cycle.botId} ${input.event.cycle.number}`;
    case 'order-changed':
      return `order ${input.event.order.request.clientOrderId}`;
    case 'order-denied':
      return `order ${input.event.order.clientOrderId}`;
    case 'account-changed':
      return `account ${input.event.account.id}`;
    case 'reconciled':
      return `reconciliation ${input.event.accountId}`;
    case 'trading-state-changed':
      return `trading-state ${RiskScope.format(input.event.scope)}`;
    case 'activity-logged':
      return `activity ${input.event.meta.eventId}`;
    default:
      return unreachable(input, 'event');
  }
}
