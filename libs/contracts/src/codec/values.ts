import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Result, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  BotId,
  ClientOrderId,
  Currency,
  EventId,
  InstrumentId,
  isSymbol,
  type JsonObject,
  type Mode,
  Money,
  moneyDecimals,
  Price,
  parseDecimal,
  Quantity,
  type Reason,
  type Side,
  TradeId,
  UserId,
  VenueId,
  VenueOrderId,
} from '@scalpstorm/model';
import { type Meta, UnreadableMessage } from '../contract.js';
import * as wire from '../generated/scalpstorm/common/v1/values_pb.js';
import type { Answer, Refusal } from '../questions.js';
import { isToken } from '../subject.js';

/** Long enough to recognise the value, short enough for a log line. */
const quotedMax = 40;
/** Visible ASCII: an id ends up in headers, logs and keys. */
const idPattern = /^[\x21-\x7e]{1,128}$/;

/** @param at message and field, e.g. `OrderRequested.order.price` */
export function unreadable(at: string, why: string, value?: string): never {
  const quoted = value === undefined ? '' : `: ${JSON.stringify(value.slice(0, quotedMax))}`;
  throw new UnreadableMessage(`${at}: ${why}${quoted}`);
}

/** The field, or poison. Sub-messages only: an absent scalar reads as its zero, which its own reader refuses. */
export function present<Value>(value: Value | undefined, at: string): Value {
  return value ?? unreadable(at, 'missing');
}

export function readOptional<Wire, Model>(
  value: Wire | undefined,
  at: string,
  read: (value: Wire, at: string) => Model,
): Model | null {
  return value === undefined ? null : read(value, at);
}

export function readAll<Wire, Model>(
  values: readonly Wire[],
  at: string,
  read: (value: Wire, at: string) => Model,
): Model[] {
  return values.map((value, index) => read(value, `${at}[${index}]`));
}

function decimal<Value>(parsed: Result<Value, string>, text: string, at: string): Value {
  if (parsed.ok) return parsed.value;
  return text === '' ? unreadable(at, 'missing') : unreadable(at, parsed.error, text);
}

function checked(text: string, at: string, valid: boolean, what: string): string {
  if (valid) return text;
  return text === '' ? unreadable(at, 'missing') : unreadable(at, `not ${what}`, text);
}

export const readPrice = (text: string, at: string): Price => decimal(Price.parse(text), text, at);
export const readQuantity = (text: string, at: string): Quantity => decimal(Quantity.parse(text), text, at);
/** An exact decimal that stays a text, e.g. a fee rate. */
export function readRate(text: string, at: string): string {
  decimal(parseDecimal(text, moneyDecimals), text, at);
  return text;
}
export const readCurrency = (text: string, at: string): Currency =>
  Currency.of(checked(text, at, Currency.is(text), 'a currency code'));

/** A text of a closed list, or poison. */
export function readChoice<const Value extends string>(values: readonly Value[], text: string, at: string): Value {
  return values.find((value) => value === text) ?? unreadable(at, text === '' ? 'missing' : 'unknown', text);
}

export function readTimestamp(micros: bigint, at: string): Timestamp {
  if (micros === 0n) return unreadable(at, 'missing');
  if (micros < 0n || micros > Number.MAX_SAFE_INTEGER) return unreadable(at, 'not a time', String(micros));
  return Timestamp.fromMicros(Number(micros));
}
export const writeTimestamp = (timestamp: Timestamp): bigint => BigInt(timestamp);
export const writeOptionalTimestamp = (timestamp: Timestamp | null): bigint | undefined =>
  timestamp === null ? undefined : BigInt(timestamp);

/** A counter that a 64-bit field carries. */
export function readCount(count: bigint, at: string): number {
  return count > Number.MAX_SAFE_INTEGER ? unreadable(at, 'too large', String(count)) : Number(count);
}

export const readText = (text: string, at: string): string => checked(text, at, text !== '', 'a text');
const readId = (text: string, at: string): string => checked(text, at, idPattern.test(text), 'an id');
const readToken = (text: string, at: string): string => checked(text, at, isToken(text), 'a subject token');

export const readEventId = (text: string, at: string): EventId => EventId.of(readId(text, at));
export const readUserId = (text: string, at: string): UserId => UserId.of(readId(text, at));
export const readTradeId = (text: string, at: string): TradeId => TradeId.of(readId(text, at));
export const readVenueOrderId = (text: string, at: string): VenueOrderId => VenueOrderId.of(readId(text, at));
export const readCommandId = readId;
export const readAccountId = (text: string, at: string): AccountId => AccountId.of(readToken(text, at));
export const readVenueId = (text: string, at: string): VenueId => VenueId.of(readToken(text, at));
export const readBotId = (text: string, at: string): BotId => BotId.of(checked(text, at, BotId.is(text), 'a bot id'));
export const readClientOrderId = (text: string, at: string): ClientOrderId =>
  ClientOrderId.of(checked(text, at, ClientOrderId.is(text), 'a client order id'));
export const readSymbol = (text: string, at: string): string => checked(text, at, isSymbol(text), 'a symbol');
export function readInstrumentId(text: string, at: string): InstrumentId {
  const parsed = InstrumentId.parse(text);
  if (parsed === null || !isToken(parsed.venue)) {
    return text === '' ? unreadable(at, 'missing') : unreadable(at, 'not an instrument id', text);
  }
  return InstrumentId.of(parsed.venue, parsed.symbol);
}

export function readJsonObject(text: string, at: string): JsonObject {
  if (text === '') return unreadable(at, 'missing');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return unreadable(at, 'not JSON', text);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return unreadable(at, 'not a JSON object', text);
  }
  return parsed as JsonObject;
}
export const writeJsonObject = (value: JsonObject): string => JSON.stringify(value);

/** Both directions of a closed set. The compiler asks for every model value; zero and unknown numbers are poison. */
export interface EnumMapping<Model extends string, Wire extends number> {
  write(value: Model): Wire;
  read(value: Wire, at: string): Model;
}
export function enumMapping<Model extends string, Wire extends number>(
  table: Readonly<Record<Model, Wire>>,
): EnumMapping<Model, Wire> {
  const models = new Map((Object.keys(table) as Model[]).map((model) => [table[model] as number, model]));
  return {
    write: (value) => table[value],
    read: (value, at) =>
      models.get(value) ?? (value === 0 ? unreadable(at, 'unspecified') : unreadable(at, 'unknown', String(value))),
  };
}

export const side = enumMapping<Side, wire.Side>({ buy: wire.Side.BUY, sell: wire.Side.SELL });
export const mode = enumMapping<Mode, wire.Mode>({
  backtest: wire.Mode.BACKTEST,
  demo: wire.Mode.DEMO,
  paper: wire.Mode.PAPER,
  live: wire.Mode.LIVE,
});

export const writeMoney = (money: Money): MessageInitShape<typeof wire.MoneySchema> => ({
  amount: Money.format(money),
  currency: money.currency,
});
export function readMoney(value: wire.Money | undefined, at: string): Money {
  const money = present(value, at);
  const currency = readCurrency(money.currency, `${at}.currency`);
  return decimal(Money.parse(money.amount, currency), money.amount, `${at}.amount`);
}

export const writeReason = (reason: Reason): MessageInitShape<typeof wire.ReasonSchema> => ({
  code: reason.code,
  text: reason.text,
});
export const readReason = (reason: wire.Reason, at: string): Reason => ({
  code: readText(reason.code, `${at}.code`),
  text: reason.text,
});

export const writeMeta = (meta: Meta): MessageInitShape<typeof wire.MetaSchema> => ({
  eventId: meta.eventId,
  causedBy: meta.causedBy ?? undefined,
  occurredAtUs: writeTimestamp(meta.occurredAt),
  recordedAtUs: writeTimestamp(meta.recordedAt),
});
export function readMeta(value: wire.Meta | undefined, message: string): Meta {
  const at = `${message}.meta`;
  const meta = present(value, at);
  return {
    eventId: readEventId(meta.eventId, `${at}.event_id`),
    causedBy: readOptional(meta.causedBy, `${at}.caused_by`, readEventId),
    occurredAt: readTimestamp(meta.occurredAtUs, `${at}.occurred_at_us`),
    recordedAt: readTimestamp(meta.recordedAtUs, `${at}.recorded_at_us`),
  };
}

export const writeRefusals = (refusals: readonly Refusal[]): MessageInitShape<typeof wire.RefusalsSchema> => ({
  refusals: refusals.map(({ code, field, text, allowed, next }) => ({ code, field, text, allowed, next })),
});
export function readRefused<Value>(value: wire.Refusals, at: string): Answer<Value> {
  const refusals = readAll(value.refusals, `${at}.refusals`, ({ code, field, text, allowed, next }, each) => ({
    code: readText(code, `${each}.code`),
    field,
    text,
    allowed,
    next,
  }));
  return { ok: false, refusals };
}
