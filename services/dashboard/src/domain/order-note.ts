import type { Order } from './rows.js';

/** Why a cancel was asked for. A reason that is newer than this page is told as it is. */
const cancelWords: Readonly<Record<string, string>> = {
  stop: 'the bot was stopped',
  update: 'the bot was edited',
  delete: 'the bot was deleted',
  halt: 'trading was halted',
  flatten: 'the bot closes at the market',
  replace: 'another order takes its place',
  manual: 'canceled by hand',
  expiry: 'its time is over',
};

/** That a cancel which was asked for came to pass says nothing new. */
const asAsked: ReadonlySet<string> = new Set(['VENUE_CANCELED']);

type Ended = Pick<Order, 'status' | 'cancelReason' | 'reason'>;

/** Why an order stands as it does: first why it was canceled, then what else is told of it. Empty where that is nothing. */
export function orderNote({ status, cancelReason, reason }: Ended): string {
  const told = reason?.text ?? '';
  if (cancelReason === null) return told;
  const why = cancelWords[cancelReason] ?? cancelReason.replaceAll('-', ' ');
  const first = status === 'filled' ? `filled before the cancel: ${why}` : why;
  return told === '' || asAsked.has(reason?.code ?? '') ? first : `${first}; ${told}`;
}
