import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome, retry } from '@scalpstorm/bus';
import { type OrderChanged, orderChanged } from '@scalpstorm/contracts';
import { Instruments } from '../ports/standing-source.js';
import { Gate } from './gate.js';

/** What became of orders moves the standing; a version that was seen before changes nothing. */
@Controller()
export class OrderChangedHandler {
  constructor(
    private readonly gate: Gate,
    private readonly instruments: Instruments,
  ) {}

  @Hears(orderChanged, { keyOf: (event) => event.order.request.clientOrderId })
  async handle({ order }: OrderChanged): Promise<Outcome> {
    if (this.gate.noteOrder(order)) return done;
    await this.instruments.refresh();
    return this.gate.noteOrder(order) ? done : retry(`instrument ${order.request.instrumentId} is not known`);
  }
}
