import { netBase } from '@scalpstorm/engine';
import { assert } from '@scalpstorm/kernel';
import { isFinal, type Json, type JsonObject, type Order, Quantity } from '@scalpstorm/model';

/** Orders whose newest version is remembered; a bot has one or two at work, so this is far back. */
const ordersMax = 32;

/** What was seen of one order: enough to drop a repeat and to know what a newer version adds. */
interface SeenOrder {
  readonly id: string;
  readonly version: number;
  /** What its fills did to the base held, as a decimal text. */
  readonly base: string;
  readonly final: boolean;
}

/**
 * What is written down of a bot besides its record: the strategy's own state, and the newest version of its orders.
 * Plain JSON, so that it is the same after a restart.
 */
export interface BotMemory {
  readonly strategy: JsonObject;
  readonly orders: readonly SeenOrder[];
}

/** What a version of an order adds to what was known; null for a version that was seen before. */
export interface News {
  readonly memory: BotMemory;
  /** Change of the base held. */
  readonly base: Quantity;
}

export function newMemory(strategy: JsonObject): BotMemory {
  return { strategy, orders: [] };
}

export function noteOrder(memory: BotMemory, order: Order): News | null {
  const { clientOrderId } = order.request;
  const known = memory.orders.find((seen) => seen.id === clientOrderId);
  if (known && known.version >= order.version) return null;
  const base = baseMoved(order);
  const seen = { id: clientOrderId, version: order.version, base: Quantity.format(base), final: isFinal(order.status) };
  const others = memory.orders.filter((other) => other.id !== clientOrderId);
  const before = known ? Quantity.of(known.base) : Quantity.zero;
  return { memory: { ...memory, orders: bounded([...others, seen]) }, base: Quantity.minus(base, before) };
}

export function memoryFromJson(json: JsonObject): BotMemory {
  const { strategy, orders } = json;
  assert(isObject(strategy) && Array.isArray(orders), 'the stored state of a bot is not one');
  return { strategy, orders: orders as unknown as readonly SeenOrder[] };
}

export function memoryToJson(memory: BotMemory): JsonObject {
  return { strategy: memory.strategy, orders: memory.orders as unknown as readonly Json[] };
}

/** From the order's cumulative numbers, so that a version that was missed costs nothing. */
function baseMoved({ request, filledQuantity, fees }: Order): Quantity {
  const base = request.instrumentId.slice(request.instrumentId.indexOf(':') + 1, request.instrumentId.lastIndexOf('-'));
  const baseFee = fees.find((fee) => fee.currency === base)?.amount ?? 0n;
  return netBase(request.side, filledQuantity, baseFee);
}

/** The oldest final orders are forgotten first; an order at work never is. */
function bounded(orders: readonly SeenOrder[]): readonly SeenOrder[] {
  const surplus = orders.length - ordersMax;
  if (surplus <= 0) return orders;
  const forgotten = new Set(orders.filter((seen) => seen.final).slice(0, surplus));
  return orders.filter((seen) => !forgotten.has(seen));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
