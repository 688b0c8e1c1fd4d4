import { Timestamp } from '@scalpstorm/kernel';
import type { OrderView } from './views.js';

/** A request that nobody judged while whoever asked was waiting: in the words of the gate, which says the same when it hears of it. */
export function unheardOrderView(view: OrderView, at: Timestamp): OrderView {
  const text = 'nobody judged it while you were waiting, so it was not sent, and will not be.';
  const denial = { code: 'REQUEST_EXPIRED', text, limit: '', value: '', next: 'Order again, if it is still wanted.' };
  const reason = { code: denial.code, text };
  return { ...view, status: 'denied', final: true, reason, denial, updatedAt: Timestamp.toIso(at) };
}
