import { Controller, Optional } from '@nestjs/common';
import { done, Hears, type Outcome, retry, retryAtMost } from '@scalpstorm/bus';
import { type OrderChanged, orderChanged } from '@scalpstorm/contracts';
import { GateLease } from '../ports/gate-lease.js';
import { Instruments } from '../ports/standing-source.js';
import { Gate } from './gate.js';
import { WatchOrders } from './watch-orders.js';

/** An instrument that market-data does not list is asked for ten minutes long; then the order is put aside for a person. */
const attemptsMax = 120;
const delayMs = 5_000;

const notOurs = retry('the lease of the gate is not held');

/** What became of orders moves the standing; a version that was seen before changes nothing. */
@Controller()
export class OrderChangedHandler {
  constructor(
    private readonly gate: Gate,
    private readonly instruments: Instruments,
    private readonly lease: GateLease,
    @Optional() private readonly watch?: WatchOrders,
  ) {}

  @Hears(orderChanged, { keyOf: (event) => event.order.request.clientOrderId })
  async handle(changed: OrderChanged): Promise<Outcome> {
    const { meta, order } = changed;
    // Whoever judges now must hear it.
    if (!this.lease.isHeld) return notOurs;
    this.watch?.changed(changed);
    if (this.gate.noteOrder(order, meta.occurredAt)) return done;
    await this.instruments.refresh();
    const reason = `instrument ${order.request.instrumentId} is not known`;
    return this.gate.noteOrder(order, meta.occurredAt) ? done : retryAtMost(attemptsMax, reason, delayMs);
  }
}
