import { Injectable } from '@nestjs/common';
import type { Difference } from '@scalpstorm/contracts';
import { Metrics } from '@scalpstorm/observability';
import { ExternalOrders } from '../ports/external-orders.js';
import { Reconciliations } from '../ports/reconciliations.js';
import { Venues } from '../ports/venues.js';

const kinds: readonly Difference['kind'][] = ['order', 'fill', 'balance', 'position'];

/** What stays of a comparison until somebody does something about it, for whoever watches. */
@Injectable()
export class MeasureReconciliation {
  constructor(
    private readonly venues: Venues,
    private readonly reconciliations: Reconciliations,
    private readonly externalOrders: ExternalOrders,
    metrics: Metrics,
  ) {
    metrics.gauge({
      name: 'recon_differences_open',
      help: 'Differences between our books and the venue that the last comparison left unmended.',
      labels: ['account', 'kind'],
      collect: (gauge) => {
        gauge.reset();
        for (const { id } of this.venues.accounts()) {
          const open = this.reconciliations.unrepaired(id);
          for (const kind of kinds)
            gauge.set({ account: id, kind }, open.filter((difference) => difference.kind === kind).length);
        }
      },
    });
    metrics.gauge({
      name: 'external_orders_waiting',
      help: 'Orders at the venue that nobody placed here and nobody has decided on.',
      labels: ['account'],
      collect: async (gauge) => {
        // While the database is away the last count stands; that it is away is told by others.
        const waiting = await this.externalOrders.waiting().catch(() => null);
        if (waiting === null) return;
        gauge.reset();
        for (const { id } of this.venues.accounts()) gauge.set({ account: id }, waiting.get(id) ?? 0);
      },
    });
  }
}
