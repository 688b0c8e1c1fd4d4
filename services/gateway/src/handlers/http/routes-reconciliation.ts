import { get, post } from './route-builder.js';
import * as form from './schemas.js';
import * as reconciliation from './schemas-reconciliation.js';
import * as trading from './schemas-trading.js';

/** Whether books and venues agree, what was found, and orders that nobody placed here. */
export const reconciliationRoutes = {
  reconciliation: get('/v1/reconciliation', {
    summary: 'How my books and the venues agreed when they were compared the last time',
    access: 'viewer',
    reply: trading.reconciliationReply,
  }),
  reconcile: post('/v1/reconciliation', {
    summary: 'Compare my books with the venues now, and mend what can be mended',
    access: 'trader',
    reply: trading.reconciliationReply,
  }),
  compareOnly: post('/v1/reconciliation/dry-run', {
    summary: 'Compare my books with the venues now, tell what would be done, and change nothing',
    access: 'trader',
    reply: trading.reconciliationReply,
  }),
  listAccountStates: get('/v1/reconciliation/accounts', {
    summary: 'What each of my accounts may do at this moment, and why not more',
    access: 'viewer',
    reply: form.listOf(reconciliation.accountStateRow),
  }),
  listDifferences: get('/v1/reconciliation/differences', {
    summary: 'Every difference that was found between my books and the venues, newest first',
    access: 'viewer',
    query: reconciliation.reconciliationQuery,
    reply: form.listOf(reconciliation.differenceRecordRow),
  }),
  listExternalOrders: get('/v1/reconciliation/external-orders', {
    summary: 'Orders at the venues that nobody placed here, newest first',
    access: 'viewer',
    query: reconciliation.reconciliationQuery,
    reply: form.listOf(reconciliation.externalOrderRow),
  }),
  decideExternalOrder: post('/v1/reconciliation/external-orders/:id', {
    summary: 'Take an order that nobody placed here into my books, leave it alone, or cancel it',
    access: 'trader',
    params: reconciliation.externalOrderParams,
    body: reconciliation.decisionBody,
    reply: reconciliation.externalOrderRow,
    // The order itself is forgotten some time after it is gone.
    audited: {
      kind: 'external-order-decision',
      tell: ({
        account,
        venue,
        symbol,
        venueOrderId,
        clientOrderId,
        side,
        quantity,
        filledQuantity,
        price,
        outcome,
      }) => ({
        order: { account, venue, symbol, venueOrderId, clientOrderId, side, quantity, filledQuantity, price },
        result: outcome,
      }),
    },
  }),
} as const;
