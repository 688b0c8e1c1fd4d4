import type { ExternalOrder, Refusal } from '@scalpstorm/contracts';
import { Quantity } from '@scalpstorm/model';

export type { Refusal } from '@scalpstorm/contracts';

const refusal = (code: string, text: string, next: string): Refusal => ({
  code,
  field: '/decision',
  text,
  allowed: '',
  next,
});
const nameOf = ({ instrumentId, venueOrderId }: ExternalOrder): string => `order ${venueOrderId} in ${instrumentId}`;

/** Why a decision about an order that nobody placed here can not be carried out. */
export const externalRefusals = {
  unknown: (): Refusal =>
    refusal('EXTERNAL_ORDER_NOT_FOUND', 'there is no such external order', 'List them again; the ids are there.'),
  decided: (order: ExternalOrder): Refusal =>
    refusal(
      'EXTERNAL_ORDER_DECIDED',
      `${nameOf(order)}: it was decided already: ${order.decision?.kind ?? ''}, ${order.outcome}`,
      'An order that was taken into the books is canceled like all others; a cancel can not be undone.',
    ),
  notConnected: (order: ExternalOrder): Refusal =>
    refusal(
      'ACCOUNT_NOT_CONNECTED',
      `account ${order.accountId} has no connection to its venue`,
      'Enable the account, then decide again.',
    ),
  gone: (order: ExternalOrder): Refusal =>
    refusal(
      'EXTERNAL_ORDER_GONE',
      `${nameOf(order)} does not work at the venue any more`,
      'Nothing is left to decide; the balances tell its effect.',
    ),
  notResting: (order: ExternalOrder): Refusal =>
    refusal(
      'EXTERNAL_ORDER_NOT_ADOPTABLE',
      `${nameOf(order)} is no plain limit order, so it can not be followed like ours`,
      'Cancel it, or ignore it.',
    ),
  unlisted: (order: ExternalOrder): Refusal =>
    refusal(
      'EXTERNAL_ORDER_NOT_LISTED',
      `${nameOf(order)}: market-data does not list ${order.instrumentId}, so nobody could say what it is worth, and the account would open nothing any more`,
      'Cancel it, or ignore it; or have market-data list the instrument, and adopt it then.',
    ),
  filled: (order: ExternalOrder): Refusal =>
    refusal(
      'EXTERNAL_ORDER_NOT_ADOPTABLE',
      `${nameOf(order)} was filled before (${Quantity.format(order.filledQuantity)} when it was last compared), which the books have as a move of the balances`,
      'Cancel it, or ignore it; its fills stay in the balances.',
    ),
} as const;
