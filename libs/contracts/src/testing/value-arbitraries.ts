import { Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  BotId,
  ClientOrderId,
  Currency,
  EventId,
  InstrumentId,
  type JsonObject,
  type Money,
  modes,
  Price,
  Quantity,
  type Reason,
  sides,
  TradeId,
  UserId,
  VenueId,
  VenueOrderId,
} from '@scalpstorm/model';
import fc from 'fast-check';
import type { Meta, Refusal } from '../index.js';

export const text = fc.string({ unit: 'grapheme', maxLength: 40 });
export const words = text.filter((value) => value !== '');
const characters = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const base36 = '0123456789abcdefghijklmnopqrstuvwxyz';
const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
export const id = characters(`${base36}${capitals}-_:/.`, 1, 64);
const token = characters(`${base36}-_`, 1, 32);
export const count = fc.nat({ max: 2 ** 32 - 1 });
export const largeCount = fc.maxSafeNat();
export const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
export const few = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { maxLength: 3 });

export const price = fc.bigInt({ min: 0n, max: 10n ** 24n }).map(Price.fromUnits);
export const quantity = fc.bigInt({ min: 0n, max: 10n ** 24n }).map(Quantity.fromUnits);
export const signedQuantity = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }).map(Quantity.fromUnits);
export const currency = characters(capitals, 1, 20).map(Currency.of);
export const amount = fc.bigInt({ min: -(10n ** 36n), max: 10n ** 36n });
export const money: fc.Arbitrary<Money> = fc.record({ amount, currency });
export const timestamp = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map(Timestamp.fromMicros);
export const rate = fc.nat({ max: 999_999 }).map((millionths) => `0.${String(millionths).padStart(6, '0')}`);

const eventId = id.map(EventId.of);
export const userId = id.map(UserId.of);
export const tradeId = id.map(TradeId.of);
export const venueOrderId = id.map(VenueOrderId.of);
export const accountId = token.map(AccountId.of);
export const venue = token.map(VenueId.of);
export const botId = characters(base36, 8, 8).map((suffix) => BotId.of(`bot_${suffix}`));
export const clientOrderId = characters(base36 + capitals, 1, 20).map(ClientOrderId.of);
export const symbol = fc.tuple(characters(capitals, 1, 20), characters(capitals, 1, 20)).map((pair) => pair.join('-'));
export const instrumentId = fc.tuple(venue, symbol).map(([at, traded]) => InstrumentId.of(at, traded));
export const json: fc.Arbitrary<JsonObject> = fc
  .dictionary(words, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)));

export const meta: fc.Arbitrary<Meta> = fc.record({
  eventId,
  causedBy: orNull(eventId),
  occurredAt: timestamp,
  recordedAt: timestamp,
});
export const reason: fc.Arbitrary<Reason> = fc.record({ code: words, text });
export const side = fc.constantFrom(...sides);
export const mode = fc.constantFrom(...modes);

/** Who asks, in every command of a user. */
export const asked = { commandId: id, userId };

const refusal: fc.Arbitrary<Refusal> = fc.record({ code: words, field: text, text, allowed: text, next: text });
/** The value, or up to three refusals. */
export const answerOf = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof(
    fc.record({ ok: fc.constant(true as const), value }),
    fc.record({ ok: fc.constant(false as const), refusals: few(refusal) }),
  );
