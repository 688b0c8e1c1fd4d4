import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import { StandingSource } from '../ports/standing-source.js';
import { Gate } from './gate.js';
import { Patience } from './patience.js';

const everyMs = 250;
const batchMax = 500;

/**
 * Gives back what was reserved for approvals that nobody acted on in time. Time alone proves nothing: execution's books are
 * looked at first, and what they know of stays counted. While they can not be read, everything stays reserved.
 */
@Injectable()
export class ReleaseReservations implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private busy = false;
  private readonly patience: Patience;

  constructor(
    private readonly gate: Gate,
    private readonly source: StandingSource,
    log: Log,
  ) {
    this.patience = new Patience(log, 'reservations stay until execution’s books can be read');
  }

  start(): void {
    this.timer = setInterval(() => void this.round(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  async round(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.release();
      this.patience.succeeded();
    } catch (error) {
      this.patience.failed(error);
    } finally {
      this.busy = false;
    }
  }

  private async release(): Promise<void> {
    const due = this.gate.dueReservations(batchMax);
    if (due.length === 0) return;
    const orders = await this.source.find(due.map(({ clientOrderId }) => clientOrderId));
    const known = new Set(orders.map(({ request }) => request.clientOrderId));
    for (const order of orders) this.gate.noteOrder(order);
    for (const request of due) if (!known.has(request.clientOrderId)) this.gate.release(request);
  }
}
