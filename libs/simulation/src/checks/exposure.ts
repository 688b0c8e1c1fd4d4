import { netBase } from '@scalpstorm/engine';
import { type BotId, type OrderRequest, Price, Quantity, type UserId } from '@scalpstorm/model';
import type { VenueFill } from '@scalpstorm/venue-api';
import { gateLimits, middlePrice, theInstrument } from '../services/stage.js';
import { isWorking, leftOf, type VenueOrder } from '../venue/venue-order.js';
import type { LeftOutTrade } from './left-out.js';

/** Below every price that there is in a run, so that what is above a limit at it was above it at any. */
const floorPrice = Price.fromUnits((middlePrice * 998n) / 1_000n);

interface Held {
  readonly botId: BotId;
  readonly userId: UserId;
  position: Quantity;
  readonly open: Set<VenueOrder>;
}

/** What the bots hold and could come to hold, by what the venue has done. */
export class Exposure {
  private readonly bots = new Map<BotId, Held>();

  accepted(order: VenueOrder): void {
    this.heldBy(order.request)?.open.add(order);
  }

  filled(order: VenueOrder, fill: VenueFill): void {
    const held = this.heldBy(order.request);
    if (held === null) return;
    held.position = Quantity.plus(held.position, changeOf(fill));
    if (!isWorking(order)) held.open.delete(order);
  }

  ended(order: VenueOrder): void {
    this.heldBy(order.request)?.open.delete(order);
  }

  positionOf(botId: BotId): Quantity {
    return this.bots.get(botId)?.position ?? Quantity.zero;
  }

  /** What of a bot's position is not for sale yet. */
  freeOf(botId: BotId): Quantity {
    const held = this.bots.get(botId);
    return held === undefined ? Quantity.zero : Quantity.minus(held.position, sumOf(held, 'sell'));
  }

  /**
   * Null: the bot of an order that is taken is within its limits, and sells no more than it holds.
   * @param untold trades that whoever judged the order could not know of
   */
  excessOf({ botId, purpose }: OrderRequest, untold: readonly LeftOutTrade[]): string | null {
    const held = botId === null ? undefined : this.bots.get(botId);
    if (held === undefined) return null;
    return purpose === 'open' ? this.aboveLimits(held, untold) : oversold(held, untold);
  }

  private aboveLimits(held: Held, untold: readonly LeftOutTrade[]): string | null {
    const { botId } = held;
    const opening = [...held.open].filter(({ request }) => request.purpose === 'open').length;
    if (opening > gateLimits.openOrdersPerBotMax) return `bot ${botId} has ${opening} opening orders at the venue`;
    const all = [...this.bots.values()];
    const users = all.filter(({ userId }) => userId === held.userId);
    const circles = [
      [`bot ${botId}`, worthOf([held], untold), gateLimits.botPositionMax.amount],
      [held.userId, worthOf(users, untold), gateLimits.userExposureMax.amount],
      ['the account', worthOf(all, untold), gateLimits.accountExposureMax.amount],
    ] as const;
    const above = circles.find(([, worth, limit]) => worth > limit);
    return above === undefined
      ? null
      : `${above[0]} could come to hold ${above[1] / 10n ** 18n}, limit ${above[2] / 10n ** 18n}`;
  }

  private heldBy({ botId, userId }: OrderRequest): Held | null {
    if (botId === null) return null;
    const known = this.bots.get(botId);
    if (known !== undefined) return known;
    const held: Held = { botId, userId, position: Quantity.zero, open: new Set() };
    this.bots.set(botId, held);
    return held;
  }
}

export function changeOf({ side, quantity, fee }: VenueFill): Quantity {
  return netBase(side, quantity, fee.currency === theInstrument.base ? fee.amount : 0n);
}

function sumOf({ open }: Held, side: 'buy' | 'sell'): Quantity {
  let sum = Quantity.zero;
  for (const order of open) if (order.request.side === side) sum = Quantity.plus(sum, leftOf(order));
  return sum;
}

function worthOf(held: readonly Held[], untold: readonly LeftOutTrade[]): bigint {
  const worst = held.reduce((sum, one) => sum + one.position + sumOf(one, 'buy') - untoldOf(one, untold, 'buy'), 0n);
  return (worst * floorPrice) / 10n ** 6n;
}

function oversold(held: Held, untold: readonly LeftOutTrade[]): string | null {
  const sells = sumOf(held, 'sell');
  const holds = Quantity.fromUnits(held.position - untoldOf(held, untold, 'sell'));
  return holds < sells ? `bot ${held.botId} sells ${words(sells)} and holds ${words(holds)}` : null;
}

/** Signed: what trades on that side did to the position. */
function untoldOf({ botId }: Held, untold: readonly LeftOutTrade[], side: 'buy' | 'sell'): bigint {
  const its = untold.filter(({ order: { request } }) => request.botId === botId && request.side === side);
  return its.reduce((sum, { fill }) => sum + changeOf(fill), 0n);
}

const words = (quantity: Quantity): string => Quantity.format(quantity);
