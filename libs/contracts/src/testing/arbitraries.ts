import { Timestamp } from '@scalpstorm/kernel';
import {
  type Account,
  AccountId,
  type Activity,
  activityLevels,
  type Balance,
  type BookDepth,
  type Bot,
  type BotConfig,
  BotId,
  botVerbs,
  type CancelReason,
  type Candle,
  ClientOrderId,
  Currency,
  type Cycle,
  cancelReasons,
  cycleExits,
  desiredStates,
  EventId,
  type FeedStatus,
  type FeeRates,
  type Fill,
  type Instrument,
  InstrumentId,
  type JsonObject,
  type Money,
  modes,
  type Order,
  type OrderEvent,
  type OrderRequest,
  observedStates,
  orderStatuses,
  type Position,
  Price,
  purposes,
  Quantity,
  type Quote,
  type Reason,
  sides,
  type Trade,
  TradeId,
  timeframes,
  timesInForce,
  UserId,
  VenueId,
  VenueOrderId,
} from '@scalpstorm/model';
import fc from 'fast-check';
import {
  type BotCommand,
  type Denial,
  type Difference,
  levelFilters,
  type Meta,
  type NotificationCommand,
  type NotificationPreferences,
  type NotificationProfile,
  noticeKinds,
  notificationChannels,
  type Refusal,
  userRoles,
} from '../index.js';
import type { VenueAccountRequest, VenueAccountStanding } from '../venue-accounts.js';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const words = text.filter((value) => value !== '');
const characters = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const base36 = '0123456789abcdefghijklmnopqrstuvwxyz';
const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const id = characters(`${base36}${capitals}-_:/.`, 1, 64);
const token = characters(`${base36}-_`, 1, 32);
const count = fc.nat({ max: 2 ** 32 - 1 });
const largeCount = fc.maxSafeNat();
const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const few = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { maxLength: 3 });

export const price = fc.bigInt({ min: 0n, max: 10n ** 24n }).map(Price.fromUnits);
const quantity = fc.bigInt({ min: 0n, max: 10n ** 24n }).map(Quantity.fromUnits);
const signedQuantity = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }).map(Quantity.fromUnits);
const currency = characters(capitals, 1, 20).map(Currency.of);
const amount = fc.bigInt({ min: -(10n ** 36n), max: 10n ** 36n });
const money: fc.Arbitrary<Money> = fc.record({ amount, currency });
export const timestamp = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map(Timestamp.fromMicros);
const rate = fc.nat({ max: 999_999 }).map((millionths) => `0.${String(millionths).padStart(6, '0')}`);

const eventId = id.map(EventId.of);
export const userId = id.map(UserId.of);
const tradeId = id.map(TradeId.of);
const venueOrderId = id.map(VenueOrderId.of);
const accountId = token.map(AccountId.of);
const venue = token.map(VenueId.of);
const botId = characters(base36, 8, 8).map((suffix) => BotId.of(`bot_${suffix}`));
const clientOrderId = characters(base36 + capitals, 1, 20).map(ClientOrderId.of);
const symbol = fc.tuple(characters(capitals, 1, 20), characters(capitals, 1, 20)).map((pair) => pair.join('-'));
export const instrumentId = fc.tuple(venue, symbol).map(([at, traded]) => InstrumentId.of(at, traded));
const json: fc.Arbitrary<JsonObject> = fc
  .dictionary(words, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)));

export const meta: fc.Arbitrary<Meta> = fc.record({
  eventId,
  causedBy: orNull(eventId),
  occurredAt: timestamp,
  recordedAt: timestamp,
});
const reason: fc.Arbitrary<Reason> = fc.record({ code: words, text });
const side = fc.constantFrom(...sides);
const mode = fc.constantFrom(...modes);

export const trade: fc.Arbitrary<Trade> = fc.record({
  instrumentId,
  tradeId,
  price,
  quantity,
  aggressor: side,
  occurredAt: timestamp,
});
export const quote: fc.Arbitrary<Quote> = fc.record({
  instrumentId,
  bidPrice: price,
  bidQuantity: quantity,
  askPrice: price,
  askQuantity: quantity,
  sequence: largeCount,
  occurredAt: timestamp,
});
const levels = few(fc.record({ price, quantity }));
export const depth: fc.Arbitrary<BookDepth> = fc.record({
  instrumentId,
  bids: levels,
  asks: levels,
  sequence: largeCount,
  occurredAt: timestamp,
});
export const candle: fc.Arbitrary<Candle> = fc.record({
  instrumentId,
  timeframe: fc.constantFrom(...timeframes),
  openedAt: timestamp,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: quantity,
  trades: largeCount,
  closed: fc.boolean(),
});
export const feedStatus: fc.Arbitrary<FeedStatus> = fc.record({
  instrumentId,
  state: fc.constantFrom('live', 'stale', 'resyncing', 'disconnected'),
  detail: text,
  lastEventAt: orNull(timestamp),
  clockOffset: orNull(fc.maxSafeInteger()),
});
export const feeRates: fc.Arbitrary<FeeRates> = fc.record({
  instrumentId,
  makerFeeRate: rate,
  takerFeeRate: rate,
});
export const instrument: fc.Arbitrary<Instrument> = fc.record({
  id: instrumentId,
  venue,
  symbol,
  base: currency,
  quote: currency,
  status: fc.constantFrom('trading', 'halted'),
  tickSize: price,
  priceMin: price,
  priceMax: price,
  stepSize: quantity,
  quantityMin: quantity,
  quantityMax: quantity,
  notionalMin: money,
  makerFeeRate: rate,
  takerFeeRate: rate,
});

export const orderRequest: fc.Arbitrary<OrderRequest> = fc
  .record({
    clientOrderId,
    userId,
    botId: orNull(botId),
    accountId,
    mode,
    instrumentId,
    side,
    quantity,
    limit: orNull(price),
    timeInForce: fc.constantFrom(...timesInForce),
    purpose: fc.constantFrom(...purposes),
  })
  .map(({ limit, ...rest }) => ({ ...rest, type: limit === null ? 'market' : 'limit', price: limit }));
const fill: fc.Arbitrary<Fill> = fc.record({
  tradeId,
  clientOrderId,
  venueOrderId,
  instrumentId,
  side,
  price,
  quantity,
  fee: money,
  liquidity: fc.constantFrom('maker', 'taker'),
  occurredAt: timestamp,
});
export const cancelReason: fc.Arbitrary<CancelReason> = fc.constantFrom(...cancelReasons);
export const order: fc.Arbitrary<Order> = fc.record({
  request: orderRequest,
  status: fc.constantFrom(...orderStatuses),
  statusBefore: orNull(fc.constantFrom(...orderStatuses)),
  venueOrderId: orNull(venueOrderId),
  filledQuantity: quantity,
  filledNotional: money,
  fees: few(money),
  cancelReason: orNull(cancelReason),
  reason: orNull(reason),
  version: count,
  createdAt: timestamp,
  updatedAt: timestamp,
});
export const orderEvent: fc.Arbitrary<OrderEvent> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('denied', 'rejected', 'outcome-unknown', 'cancel-rejected', 'canceled', 'expired'),
    reason,
  }),
  fc.record({ kind: fc.constantFrom('released', 'submitted') }),
  fc.record({ kind: fc.constant('sending'), attempt: count, expiresAt: timestamp }),
  fc.record({ kind: fc.constant('accepted'), venueOrderId }),
  fc.record({ kind: fc.constant('filled'), fill }),
  fc.record({ kind: fc.constant('cancel-requested'), cancelReason }),
);
export const denial: fc.Arbitrary<Denial> = fc.record(
  { code: words, text, limit: text, value: text, next: text, field: fc.constantFrom('/price', '/quantity') },
  { requiredKeys: ['code', 'text', 'limit', 'value', 'next'] },
);
export { accountId, botId, clientOrderId, text };

const botConfig: fc.Arbitrary<BotConfig> = fc.record({
  name: text,
  strategy: words,
  accountId,
  mode,
  instrumentId,
  parameters: json,
});
export const bot: fc.Arbitrary<Bot> = fc.record({
  id: botId,
  userId,
  config: botConfig,
  desired: fc.constantFrom(...desiredStates),
  observed: fc.constantFrom(...observedStates),
  reason,
  since: timestamp,
  totals: fc.record({ cycles: count, fills: count, pnl: money, fees: money, held: signedQuantity }),
  version: count,
  createdAt: timestamp,
});
export const cycle: fc.Arbitrary<Cycle> = fc.record({
  botId,
  number: count,
  instrumentId,
  mode,
  quantity,
  buyPrice: price,
  sellPrice: price,
  gross: money,
  fees: money,
  net: money,
  startedAt: timestamp,
  completedAt: timestamp,
  buyQuantity: quantity,
  sellQuantity: quantity,
  feesPaid: few(money),
  otherFees: few(fc.record({ fee: money, value: orNull(money) })),
  dust: signedQuantity,
  exit: fc.constantFrom(...cycleExits),
});
const asked = { commandId: id, userId };
export const botCommand: fc.Arbitrary<BotCommand> = fc.oneof(
  fc.record({ kind: fc.constant('create'), ...asked, config: botConfig }),
  fc.record({ kind: fc.constant('edit'), ...asked, botId, name: orNull(text), parameters: json }),
  fc.record({ kind: fc.constant('delete'), ...asked, botId }),
  fc.record({ kind: fc.constant('verb'), ...asked, botId, verb: fc.constantFrom(...botVerbs) }),
);
export const strategies = few(fc.record({ id: words, title: words, description: text, schema: json }));

export const account: fc.Arbitrary<Account> = fc.record({ id: accountId, venue, mode, label: text });
export const balance: fc.Arbitrary<Balance> = fc.tuple(currency, amount, amount).map(([held, free, locked]) => ({
  currency: held,
  free: { amount: free, currency: held },
  locked: { amount: locked, currency: held },
}));
export const position: fc.Arbitrary<Position> = fc.record({
  accountId,
  botId: orNull(botId),
  instrumentId,
  quantity: signedQuantity,
  cash: money,
  fees: few(money),
  fills: count,
  updatedAt: timestamp,
});
export const difference: fc.Arbitrary<Difference> = fc.record({
  kind: fc.constantFrom('order', 'fill', 'balance', 'position'),
  accountId,
  subject: text,
  ours: text,
  theirs: text,
  decision: text,
  repaired: fc.boolean(),
});
export const activity: fc.Arbitrary<Activity> = fc.record({
  level: fc.constantFrom(...activityLevels),
  code: words,
  text,
  userId: orNull(userId),
  botId: orNull(botId),
  data: json,
});

const channel = fc.constantFrom(...notificationChannels);
const level = fc.constantFrom(...levelFilters);
const preferences: fc.Arbitrary<NotificationPreferences> = fc.record({
  timeZone: text,
  quietHours: orNull(fc.record({ from: text, to: text })),
  summaryAt: orNull(text),
  levels: fc.record({ telegram: level, email: level, webhook: level }),
  muted: few(fc.record({ kind: fc.constantFrom(...noticeKinds), channel })),
});
const person = { ...asked, role: fc.constantFrom(...userRoles) };
export const notificationCommand: fc.Arbitrary<NotificationCommand> = fc.oneof(
  fc.record({ kind: fc.constantFrom('look', 'link-telegram', 'remove-email', 'remove-webhook'), ...person }),
  fc.record({ kind: fc.constant('unlink-telegram'), ...person, linkId: text }),
  fc.record({ kind: fc.constant('set-email'), ...person, address: text }),
  fc.record({ kind: fc.constant('verify-email'), ...person, code: text }),
  fc.record({ kind: fc.constant('set-webhook'), ...person, url: text }),
  fc.record({ kind: fc.constant('set-preferences'), ...person, preferences }),
  fc.record({ kind: fc.constant('test'), ...person, channel }),
  fc.record({ kind: fc.constant('retry'), ...person, deliveryId: text }),
);
export const notificationProfile: fc.Arbitrary<NotificationProfile> = fc.record({
  channels: few(fc.record({ channel, state: fc.constantFrom('off', 'up', 'down'), text })),
  links: few(fc.record({ id: words, label: text, linkedAt: timestamp })),
  email: orNull(fc.record({ address: text, verified: fc.boolean() })),
  webhookUrl: orNull(text),
  preferences,
  failed: few(fc.record({ id: words, channel, title: text, error: text, attempts: count, createdAt: timestamp })),
  linkCode: orNull(fc.record({ code: words, link: text, expiresAt: timestamp })),
  webhookSecret: orNull(text),
});

const refusal: fc.Arbitrary<Refusal> = fc.record({ code: words, field: text, text, allowed: text, next: text });
/** The value, or up to three refusals. */
const nonEmpty = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const sealed = fc.uint8Array({ minLength: 1, maxLength: 60 });
const ofAccount = { commandId: id, userId, accountId };
export const venueAccountRequest: fc.Arbitrary<VenueAccountRequest> = fc.oneof(
  fc.record({ kind: fc.constant('list' as const), userId }),
  fc.record({ ...ofAccount, kind: fc.constant('add' as const), label: nonEmpty, venue, mode, sealed }),
  fc.record({ ...ofAccount, kind: fc.constant('rotate' as const), sealed }),
  fc.record({ ...ofAccount, kind: fc.constant('relabel' as const), label: nonEmpty }),
  fc.record({ ...ofAccount, kind: fc.constantFrom('test', 'enable', 'disable', 'delete') }),
);
export const venueAccountStanding: fc.Arbitrary<VenueAccountStanding> = fc.record({
  sealingKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  offers: few(fc.record({ venue, mode, title: text })),
  accounts: few(
    fc.record({
      accountId,
      userId,
      label: text,
      venue,
      mode,
      state: fc.constantFrom('enabled', 'disabled'),
      keyEnding: text,
      check: fc.record({
        checkedAt: timestamp,
        mayTrade: fc.boolean(),
        mayWithdraw: orNull(fc.boolean()),
        warning: text,
      }),
      createdAt: timestamp,
      changedAt: timestamp,
    }),
  ),
});

export const answerOf = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof(
    fc.record({ ok: fc.constant(true as const), value }),
    fc.record({ ok: fc.constant(false as const), refusals: few(refusal) }),
  );
const warning = fc.record({ code: words, field: text, text, next: text });
export const botAnswer = fc.oneof(
  answerOf(bot),
  fc.record({
    ok: fc.constant(true as const),
    value: bot,
    warnings: fc.array(warning, { minLength: 1, maxLength: 3 }),
  }),
);
export { few, id, orNull };
