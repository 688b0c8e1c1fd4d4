import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome, poison, retry } from '@scalpstorm/bus';
import { type OrderChanged, type OrderDenied, orderChanged, orderDenied } from '@scalpstorm/contracts';
import type { BotId } from '@scalpstorm/model';
import { BotsLease } from '../ports/bots-lease.js';
import { Fleet } from './fleet.js';

const keyOf = (event: { readonly order: { readonly botId: BotId | null } }) => event.order.botId ?? '';

/** Each waits for the transaction that its bot is written in: as many bots at a time as one transaction takes. */
const concurrency = 256;

/** Where it is lost, the process ends, and whoever has it hears the event. */
const notOurs = retry('the lease of the bots is not held');

/** How long an event waits for a bot that is being deleted: it is gone then, or back. */
const leavingMs = 1_000;

/**
 * What became of a bot's order. Acknowledged only when the bot that it led to is written down, so that after a crash it comes
 * again to a bot that does not know it.
 */
@Controller()
export class OrderEventsHandler {
  constructor(
    private readonly fleet: Fleet,
    private readonly lease: BotsLease,
  ) {}

  @Hears(orderChanged, { concurrency, keyOf: (event) => event.order.request.botId ?? '' })
  async onChanged(changed: OrderChanged): Promise<Outcome> {
    const { botId } = changed.order.request;
    return this.hear(botId, (known) => this.fleet.hearOrder(known, changed));
  }

  /** One that is set aside asks again under the same id when it runs, and gets the same denial. */
  @Hears(orderDenied, { concurrency, keyOf })
  async onDenied({ meta, order, denial }: OrderDenied): Promise<Outcome> {
    const { botId, clientOrderId } = order;
    const reason = { code: denial.code, text: denial.text };
    const cause = { eventId: meta.eventId, marketAt: null };
    return this.hear(botId, (known) => this.fleet.step(known, { kind: 'order-denied', clientOrderId, reason }, cause));
  }

  private async hear(botId: BotId | null, tell: (botId: BotId) => void): Promise<Outcome> {
    if (botId === null) return done;
    if (!this.lease.isHeld) return notOurs;
    if (this.fleet.aside.get(botId)?.fault === null) return retry(`bot ${botId} is being deleted`, leavingMs);
    // Becomes a dead letter, which is kept whole until the row is mended.
    if (this.fleet.isUnreadable(botId)) return poison(`the row of bot ${botId} can not be read`);
    tell(botId);
    await this.fleet.written(botId);
    return done;
  }
}
