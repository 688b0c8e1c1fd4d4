import { type OrderRequest, type OrderType, Price, Quantity, type Side, type Trigger } from '@scalpstorm/model';
import type { Lack, VenueFilterViolation, VenueOrderView } from '@scalpstorm/venue-api';
import { type Fields, flag, listOf, price, text, whole } from './fields.js';

/** Whole basis points, both ends included. */
interface Range {
  readonly min: number;
  readonly max: number;
}

/** What a symbol lets an order have beside the usual. */
export interface HeldTerms {
  readonly types: ReadonlySet<string>;
  /** TRAILING_DELTA by the direction in which the order waits; null: none may trail. */
  readonly trailing: { readonly above: Range; readonly below: Range } | null;
  /** ICEBERG_PARTS; null: none may hide a part. */
  readonly icebergPartsMax: number | null;
}

/** Where the listing does not say how many. */
const icebergPartsUsual = 10;

export function parseHeldTerms(row: Fields, filters: ReadonlyMap<string, Fields>): HeldTerms {
  const types = row['orderTypes'] === undefined ? [] : listOf(row['orderTypes'], 'orderTypes').map(String);
  const delta = row['allowTrailingStop'] === true ? filters.get('TRAILING_DELTA') : undefined;
  const parts = filters.get('ICEBERG_PARTS');
  const hides = row['icebergAllowed'] !== undefined && flag(row, 'icebergAllowed');
  return {
    types: new Set(types),
    trailing:
      delta === undefined
        ? null
        : {
            above: { min: whole(delta, 'minTrailingAboveDelta'), max: whole(delta, 'maxTrailingAboveDelta') },
            below: { min: whole(delta, 'minTrailingBelowDelta'), max: whole(delta, 'maxTrailingBelowDelta') },
          },
    icebergPartsMax: hides ? (parts === undefined ? icebergPartsUsual : whole(parts, 'limit')) : null,
  };
}

/**
 * One that trails from a price on which it takes profit, TAKE_PROFIT; from its placement on, STOP_LOSS: so the venue's FAQ on
 * trailing stop orders.
 */
const takesProfit = (trigger: Trigger): boolean =>
  trigger.kind === 'take-profit' || (trigger.kind === 'trailing' && trigger.activation !== null);

const typeOf = (trigger: Trigger, limited: boolean): string =>
  `${takesProfit(trigger) ? 'TAKE_PROFIT' : 'STOP_LOSS'}${limited ? '_LIMIT' : ''}`;

/** Type and trigger of an order that waits. */
export function triggerParams(trigger: Trigger, limit: Price | null): object {
  const type = typeOf(trigger, limit !== null);
  if (trigger.kind !== 'trailing') return { type, stopPrice: Price.format(trigger.price) };
  const { activation, distanceBps } = trigger;
  return {
    type,
    trailingDelta: distanceBps,
    ...(activation === null ? null : { stopPrice: Price.format(activation) }),
  };
}

/** How an order of this type meets the book, once it is there; null for a type that we never send. */
export const executesAs = (type: string): OrderType | null => types[type] ?? null;

const types: Readonly<Record<string, OrderType>> = {
  LIMIT: 'limit',
  LIMIT_MAKER: 'limit',
  MARKET: 'market',
  STOP_LOSS: 'market',
  STOP_LOSS_LIMIT: 'limit',
  TAKE_PROFIT: 'market',
  TAKE_PROFIT_LIMIT: 'limit',
};

/** What of the order the venue can not hold. @param held of its symbol; null: not known, so that the venue judges */
export function lackOf(
  { trigger, expiresAt, displayQuantity, price: limit }: OrderRequest,
  held: HeldTerms | null,
): Lack | null {
  if (expiresAt !== undefined) return 'expiry';
  if (trigger !== undefined) {
    if (trigger.source !== 'last') return 'trigger-source';
    if (held !== null && !held.types.has(typeOf(trigger, limit !== null))) return 'trigger';
    if (trigger.kind === 'trailing' && held !== null && held.trailing === null) return 'trailing';
  }
  return displayQuantity !== undefined && held !== null && held.icebergPartsMax === null ? 'iceberg' : null;
}

/** The first bound of the symbol that the terms break. */
export function termsRule(
  order: Pick<OrderRequest, 'trigger' | 'displayQuantity' | 'quantity' | 'side'>,
  { trailing, icebergPartsMax }: HeldTerms,
): VenueFilterViolation | null {
  const { trigger, displayQuantity, side } = order;
  if (trigger?.kind === 'trailing' && trailing !== null) {
    const { min, max } = waitsAbove(trigger, side) ? trailing.above : trailing.below;
    const { distanceBps } = trigger;
    if (distanceBps < min || distanceBps > max)
      return {
        code: 'TRAILING_OUT_OF_RANGE',
        field: 'trigger',
        value: `${distanceBps} bps`,
        limit: `${min}..${max} bps`,
        suggestion: String(distanceBps < min ? min : max),
      };
  }
  if (displayQuantity === undefined || displayQuantity <= 0n || icebergPartsMax === null) return null;
  const parts = (order.quantity + displayQuantity - 1n) / displayQuantity;
  if (parts <= BigInt(icebergPartsMax)) return null;
  return {
    code: 'ICEBERG_PARTS_ABOVE_MAXIMUM',
    field: 'displayQuantity',
    value: `${Quantity.format(displayQuantity)}, ${parts} parts`,
    limit: `${icebergPartsMax} parts`,
    suggestion: '',
  };
}

const waitsAbove = (trigger: Trigger, side: Side): boolean => takesProfit(trigger) === (side === 'sell');

type Told = Pick<VenueOrderView, 'trigger' | 'triggered'>;

interface Names {
  readonly type: string;
  readonly stop: string;
  readonly delta: string;
}

const rowNames: Names = { type: 'type', stop: 'stopPrice', delta: 'trailingDelta' };
const eventNames: Names = { type: 'o', stop: 'P', delta: 'd' };

/** Of a row or an answer of REST: what the order waits for, and whether it is in the book. Nothing of one that never waited. */
export function termsOfRow(row: Fields): Told {
  if (!isConditional(row, rowNames)) return {};
  // An answer to a placement says since when it works, a row whether.
  const working = row['isWorking'] ?? Number(row['workingTime'] ?? -1) > 0;
  return { ...triggerOf(row, rowNames), triggered: working === true };
}

/** The same of an event of the user stream. */
export function termsOfEvent(event: Fields): Told {
  if (!isConditional(event, eventNames)) return {};
  return { ...triggerOf(event, eventNames), triggered: event['w'] === true };
}

function isConditional(fields: Fields, { type }: Names): boolean {
  const name = text(fields, type);
  return name.startsWith('STOP_LOSS') || name.startsWith('TAKE_PROFIT');
}

function triggerOf(fields: Fields, { type, stop, delta }: Names): Pick<Told, 'trigger'> {
  const level = fields[stop] === undefined ? Price.zero : price(fields, stop);
  const source = 'last';
  if (fields[delta] !== undefined) {
    const activation = level === Price.zero ? null : level;
    return { trigger: { kind: 'trailing', distanceBps: whole(fields, delta), activation, source } };
  }
  if (level === Price.zero) return {};
  const kind = text(fields, type).startsWith('STOP_LOSS') ? 'stop' : 'take-profit';
  return { trigger: { kind, price: level, source } };
}
