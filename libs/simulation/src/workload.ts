import { newEventId } from '@scalpstorm/bus';
import { type Contract, cancelRequested, createMeta, orderRequested } from '@scalpstorm/contracts';
import { millisecond, type Timestamp } from '@scalpstorm/kernel';
import {
  type BotId,
  ClientOrderId,
  type OrderRequest,
  type OrderType,
  Price,
  Quantity,
  type UserId,
} from '@scalpstorm/model';
import { pressingBots, theAccount, theInstrument } from './services/stage.js';
import { leftOf, type VenueOrder } from './venue/venue-order.js';
import type { World } from './world.js';

interface Asked {
  readonly request: OrderRequest;
  asks: number;
}

const usual = Quantity.of('0.03');
const askedMax = 64;
const burstSize = 3;
/** Wishes of each bot. */
const crowdSize = 2;
/** When, in milliseconds from the first. */
const bursts = [
  [0, 1],
  [200, 1_500],
  [4_300, 7_000],
] as const;

/**
 * What presses on the platform from outside: wishes of bots that nobody runs, so many that they meet every limit; and somebody at the venue
 * who trades with what rests there.
 */
export class Workload {
  /** Nothing new is asked for any more. */
  isOver = false;
  private readonly asked: Asked[] = [];
  private cycles = 0;
  /** The gate that was there last. */
  private gate: World['gate'] = null;

  constructor(private readonly world: World) {}

  start(): void {
    this.later(0, () => this.press());
    this.later(0, () => this.trade());
  }

  private later(micros: number, run: () => void): void {
    this.world.time.after(micros, null, run);
  }

  private press(): void {
    const { work } = this.world.randomness;
    if (this.isOver) return;
    this.later((60 + work.below(300)) * millisecond, () => this.press());
    this.crowd();
    const bot = pressingBots[work.below(pressingBots.length)];
    if (bot === undefined) return;
    const draw = work.next();
    if (draw < 0.1) this.burst(bot);
    else if (draw < 0.45) this.open(bot);
    else if (draw < 0.72) this.close(bot);
    else if (draw < 0.9) this.cancel();
    else this.askAgain();
  }

  /** Everybody has waited for a gate that is new, which may not know what the one before it has approved. */
  private crowd(): void {
    const { gate } = this.world;
    if (gate === this.gate) return;
    this.gate = gate;
    for (const bot of gate === null ? [] : pressingBots) for (let time = 0; time < crowdSize; time += 1) this.open(bot);
  }

  /** Now and then one bot wants far too much at once, and again, when what became of it may not have been heard yet. */
  private burst(bot: (typeof pressingBots)[number]): void {
    const { work } = this.world.randomness;
    for (const [least, most] of bursts) {
      this.later((least + work.below(most - least)) * millisecond, () => {
        for (let time = 0; time < burstSize && !this.isOver; time += 1) this.open(bot);
      });
    }
  }

  private open(bot: (typeof pressingBots)[number]): void {
    const { work } = this.world.randomness;
    const quantity = work.below(4) === 0 ? Quantity.plus(usual, usual) : usual;
    const below = BigInt(work.below(6_000) - 300) * 10n ** 10n;
    const price = work.below(10) === 0 ? null : Price.fromUnits(this.world.price - below);
    this.ask({ ...this.wish(bot), side: 'buy', purpose: 'open', quantity, price, type: typeOf(price) });
  }

  /** Now and then more than there is, which the gate has to see. */
  private close(bot: (typeof pressingBots)[number]): void {
    const { work } = this.world.randomness;
    const free = Quantity.floorTo(this.world.watch.exposure.freeOf(bot.botId), theInstrument.stepSize);
    if (free <= 0n) return;
    const part = work.below(3) === 0 ? Quantity.floorTo(Quantity.fromUnits(free / 2n), theInstrument.stepSize) : free;
    const more = work.below(10) === 0 ? usual : Quantity.zero;
    const quantity = Quantity.plus(part, more);
    const above = BigInt(work.below(4_000)) * 10n ** 10n;
    const price = work.below(3) === 0 ? null : Price.fromUnits(this.world.price + above);
    if (quantity * this.world.price < 6n * 10n ** 24n) return;
    this.ask({ ...this.wish(bot), side: 'sell', purpose: 'close', quantity, price, type: typeOf(price) });
  }

  private cancel(): void {
    const { time, broker, venue, randomness } = this.world;
    const open = venue.open.filter(({ request }) => request.purpose === 'open');
    const resting = open[randomness.work.below(Math.max(1, open.length))]?.request;
    const request = randomness.work.below(4) > 0 ? resting : this.any()?.request;
    if (request === undefined) return;
    const { accountId, clientOrderId } = request;
    const event = { meta: this.meta(), accountId, clientOrderId, reason: 'manual' as const };
    const contract = cancelRequested as Contract<unknown>;
    const messageId = `cancel:${clientOrderId}:${time.elapsed}`;
    this.later(millisecond, () => {
      broker.keep({ contract, subject: contract.route(event), event, messageId, sentAt: time.elapsed });
    });
  }

  /** A strategy that has forgotten asks the same once more. */
  private askAgain(): void {
    const one = this.any();
    if (one === undefined) return;
    one.asks += 1;
    this.send(one);
  }

  private any(): Asked | undefined {
    return this.asked[this.world.randomness.work.below(Math.max(1, this.asked.length))];
  }

  private ask(request: OrderRequest): void {
    const one = { request, asks: 0 };
    this.asked.push(one);
    if (this.asked.length > askedMax) this.asked.shift();
    this.send(one);
  }

  private send({ request, asks }: Asked): void {
    const { broker, time } = this.world;
    const event = { meta: this.meta(), order: request, ask: asks, marketAt: null };
    const contract = orderRequested as Contract<unknown>;
    const messageId = `${request.clientOrderId}:${asks}`;
    this.later(millisecond, () => {
      broker.keep({ contract, subject: contract.route(event), event, messageId, sentAt: time.elapsed });
    });
  }

  private wish({ botId, userId }: { readonly botId: BotId; readonly userId: UserId }) {
    this.cycles += 1;
    const clientOrderId = ClientOrderId.forSlot({ botId, cycle: this.cycles, leg: 'entry', attempt: 0 });
    const { id: accountId, mode } = theAccount;
    const instrumentId = theInstrument.id;
    return { clientOrderId, userId, botId, accountId, mode, instrumentId, timeInForce: 'GTC' as const };
  }

  private meta() {
    const now: Timestamp = this.world.time.now;
    return createMeta(newEventId(now), null, now, now);
  }

  private trade(): void {
    const { venue } = this.world;
    const { work } = this.world.randomness;
    if (this.isOver) return;
    this.later((40 + work.below(160)) * millisecond, () => this.trade());
    for (const order of venue.open) if (work.below(8) === 0) this.tradeWith(order);
  }

  private tradeWith(order: VenueOrder): void {
    const { work } = this.world.randomness;
    const { price } = order.request;
    if (price === null) return;
    const left = leftOf(order);
    const half = Quantity.floorTo(Quantity.fromUnits(left / 2n), theInstrument.stepSize);
    const part = work.below(3) > 0 && half > 0n ? half : left;
    this.world.venue.fill(order, part, price);
  }
}

const typeOf = (price: Price | null): OrderType => (price === null ? 'market' : 'limit');
