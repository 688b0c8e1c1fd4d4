import type { Metrics } from '@scalpstorm/observability';

export type StoreMetrics = ReturnType<typeof storeMetrics>;

export function storeMetrics(
  metrics: Metrics,
  poolUse: () => { readonly busy: number; readonly idle: number; readonly waiting: number },
) {
  metrics.gauge({
    name: 'store_connections',
    help: 'Connections for transactions by state; waiting counts transactions that wait for one.',
    labels: ['state'],
    collect: (gauge) => {
      for (const [state, count] of Object.entries(poolUse())) gauge.set({ state }, count);
    },
  });
  return {
    transactionSeconds: metrics.histogram({
      name: 'store_transaction_seconds',
      help: 'From asking for a connection to the end of the transaction, one attempt.',
      labels: ['outcome'],
    }),
    querySeconds: metrics.histogram({
      name: 'store_query_seconds',
      help: 'Plain queries outside of transactions.',
      labels: ['outcome'],
    }),
    retries: metrics.counter({
      name: 'store_transaction_retries_total',
      help: 'Attempts that were repeated, by reason.',
      labels: ['reason'],
    }),
  };
}
