import { netBase } from '@scalpstorm/engine';
import { type BotId, type OrderRequest, Price, Quantity, type UserId } from '@scalpstorm/model';
import type { VenueFill } from '@scalpstorm/venue-api';
import { gateLimits, middlePrice, theInstrument } from '../services/stage.js';
import { isWorking, leftOf, type VenueOrder } from '../venue/venue-books.js';

/** Below every price that there is in a run, so that what is above a limit at it was above it at any. */
const floorPrice = Price.fromUnits((middlePrice * 998n) / 1_000n);

interface Held {
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

  /** Null: it sells no more than it holds. */
  oversold(botId: BotId): string | null {
    const held = this.bots.get(botId);
    const sells = held === undefined ? Quantity.zero : sumOf(held, 'sell');
    const holds = held?.position ?? Quantity.zero;
    return holds < sells ? `bot ${botId} sells ${words(sells)} and holds ${words(holds)}` : null;
  }

  /** Null: everything is within its limit. */
  excess(botId: BotId): string | null {
    const held = this.bots.get(botId);
    if (held === undefined) return null;
    const opening = [...held.open].filter(({ request }) => request.purpose === 'open').length;
    if (opening > gateLimits.openOrdersPerBotMax) return `bot ${botId} has ${opening} opening orders at the venue`;
    return this.aboveLimit(botId, held);
  }

  private aboveLimit(botId: BotId, held: Held): string | null {
    const all = [...this.bots.values()];
    const circles = [
      [`bot ${botId}`, worthOf([held]), gateLimits.botPositionMax.amount],
      [held.userId, worthOf(all.filter(({ userId }) => userId === held.userId)), gateLimits.userExposureMax.amount],
      ['the account', worthOf(all), gateLimits.accountExposureMax.amount],
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
    const held: Held = { userId, position: Quantity.zero, open: new Set() };
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

function worthOf(held: readonly Held[]): bigint {
  const worst = held.reduce((sum, one) => sum + one.position + sumOf(one, 'buy'), 0n);
  return (worst * floorPrice) / 10n ** 6n;
}

const words = (quantity: Quantity): string => Quantity.format(quantity);
