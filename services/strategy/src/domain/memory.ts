import { netBase } from '@scalpstorm/engine';
import { assert } from '@scalpstorm/kernel';
import { ClientOrderId, type Fill, isFinal, type Json, type JsonObject, type Order, Quantity } from '@scalpstorm/model';

/** Orders whose newest version is remembered; in each of its lanes a bot has one or two at work, so this is far back. */
const ordersMax = 32;
const ordersPerLane = 2;
/** `s`, the bot and the letter of the leg: what comes before cycle and attempt in a client order id. */
const legWidth = 10;

/** What was seen of one order: enough to drop a repeat and to know what a newer version adds. */
interface SeenOrder {
  readonly id: string;
  readonly version: number;
  /** What its fills did to the base held, as a decimal text. */
  readonly base: string;
  /** How much of it was filled, as a decimal text. */
  readonly filled: string;
  readonly final: boolean;
}

/**
 * What is written down of a bot besides its record: the strategy's own state, and the newest version of its orders.
 * Plain JSON, so that it is the same after a restart.
 */
export interface BotMemory {
  readonly strategy: JsonObject;
  readonly orders: readonly SeenOrder[];
  /** Cycles with the same remainder by this number come one after the other, of its strategy; all of them where it is 1. */
  readonly lanes: number;
  /** The last id that was forgotten, by the part of the id that names bot and leg, and the lane: there ids only ever grow. */
  readonly forgotten: Readonly<Record<string, string>>;
  /** What became of its orders while its strategy could not hear it; told to it as soon as it can. */
  readonly kept: readonly KeptOrder[];
  /** The version of its rule that was last allowed to trade live; null: none was. */
  readonly certified: string | null;
  /** A stored state that could not be read, as it was found; null when there is none. */
  readonly unreadable: JsonObject | null;
}

/** The newest word about one order: what came before it is in its running sums. */
export interface KeptOrder {
  readonly id: string;
  readonly version: number;
  /** The event as the bus carried it, in base64. */
  readonly event: string;
}

/** What a version of an order adds to what was known; null for a version that was seen before. */
export interface News {
  readonly memory: BotMemory;
  /** Change of the base held. */
  readonly base: Quantity;
  /** Fills that it tells of; at least one for what was filled in versions that were missed. */
  readonly fills: number;
}

export function newMemory(strategy: JsonObject, lanes = 1): BotMemory {
  return { strategy, lanes, orders: [], forgotten: {}, kept: [], certified: null, unreadable: null };
}

/** @param fill when this version is one */
export function noteOrder(memory: BotMemory, order: Order, fill: Fill | null): News | null {
  const { clientOrderId } = order.request;
  const known = memory.orders.find((seen) => seen.id === clientOrderId);
  if (known ? known.version >= order.version : wasForgotten(memory, clientOrderId)) return null;
  const base = baseMoved(order);
  const seen: SeenOrder = {
    id: clientOrderId,
    version: order.version,
    base: Quantity.format(base),
    filled: Quantity.format(order.filledQuantity),
    final: isFinal(order.status),
  };
  const others = memory.orders.filter((other) => other.id !== clientOrderId);
  const grown = Quantity.minus(order.filledQuantity, Quantity.of(known?.filled ?? '0'));
  return {
    memory: bounded({ ...memory, orders: [...others, seen] }),
    base: Quantity.minus(base, Quantity.of(known?.base ?? '0')),
    fills: (fill ? 1 : 0) + (grown > (fill?.quantity ?? 0n) ? 1 : 0),
  };
}

/** @throws BrokenInvariant when it is not what `memoryToJson` wrote */
export function memoryFromJson(json: JsonObject): BotMemory {
  const { unreadable } = json;
  if (isObject(unreadable)) {
    const { lanes, orders, forgotten, kept, certified } = readMemory(json);
    // What was found then can be read by now: only what came to it since is newer.
    const found = readMemory(unreadable);
    const { strategy } = found;
    return { strategy, lanes, orders, forgotten, kept, certified: certified ?? found.certified, unreadable: null };
  }
  return readMemory(json);
}

/** What is left of a stored state that is none: the orders noted beside it since it was found, and itself, untouched. */
export function salvagedMemory(json: JsonObject): BotMemory {
  if (isObject(json['unreadable'])) {
    return { ...readMemory({ ...json, strategy: {} }), unreadable: json['unreadable'] };
  }
  try {
    return { ...readMemory({ ...json, strategy: {} }), unreadable: json };
  } catch {
    return { ...newMemory({}), unreadable: json };
  }
}

function readMemory(json: JsonObject): BotMemory {
  const { strategy, lanes = 1, orders, forgotten = {}, kept = [], certified } = json;
  const readable = isObject(strategy) && Array.isArray(orders) && isObject(forgotten) && Array.isArray(kept);
  assert(readable, 'the stored state of a bot is not one');
  return {
    strategy: strategy as JsonObject,
    lanes: typeof lanes === 'number' ? lanes : 1,
    orders: orders as unknown as readonly SeenOrder[],
    forgotten: forgotten as Readonly<Record<string, string>>,
    kept: kept as unknown as readonly KeptOrder[],
    certified: typeof certified === 'string' ? certified : null,
    unreadable: null,
  };
}

export function memoryToJson(memory: BotMemory): JsonObject {
  const { strategy, lanes, orders, forgotten, kept, certified, unreadable } = memory;
  return {
    strategy,
    ...(lanes > 1 && { lanes }),
    orders: orders as unknown as readonly Json[],
    forgotten,
    ...(kept.length > 0 && { kept: kept as unknown as readonly Json[] }),
    ...(certified !== null && { certified }),
    ...(unreadable !== null && { unreadable }),
  };
}

/** From the order's cumulative numbers, so that a version that was missed costs nothing. */
function baseMoved({ request, filledQuantity, fees }: Order): Quantity {
  const base = request.instrumentId.slice(request.instrumentId.indexOf(':') + 1, request.instrumentId.lastIndexOf('-'));
  const baseFee = fees.find((fee) => fee.currency === base)?.amount ?? 0n;
  return netBase(request.side, filledQuantity, baseFee);
}

/** The oldest final orders are forgotten first; an order at work never is. */
function bounded(memory: BotMemory): BotMemory {
  const surplus = memory.orders.length - Math.max(ordersMax, ordersPerLane * memory.lanes);
  if (surplus <= 0) return memory;
  const gone = new Set(memory.orders.filter((seen) => seen.final).slice(0, surplus));
  const forgotten = { ...memory.forgotten };
  for (const { id } of gone) {
    const lane = laneOf(memory, id);
    if (wasBefore(forgotten[lane], id)) forgotten[lane] = id;
  }
  return { ...memory, orders: memory.orders.filter((seen) => !gone.has(seen)), forgotten };
}

/** A stream that is replayed from its beginning tells again of orders that were counted long ago. */
function wasForgotten(memory: BotMemory, id: string): boolean {
  return !wasBefore(memory.forgotten[laneOf(memory, id)], id);
}

/** Cycle and attempt stand at the end of an id with a fixed width, so later ids of a lane are greater texts. */
function wasBefore(last: string | undefined, id: string): boolean {
  return last === undefined || last < id;
}

function laneOf({ lanes }: BotMemory, id: string): string {
  const leg = id.slice(0, legWidth);
  const slot = lanes === 1 ? null : ClientOrderId.slotOf(id);
  return slot === null ? leg : `${leg}${slot.cycle % lanes}`;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
