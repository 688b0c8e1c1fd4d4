import { create, type DescMessage, type MessageInitShape, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Mode, Side } from '../generated/scalpstorm/common/v1/values_pb.js';
import { AccountChangedSchema } from '../generated/scalpstorm/execution/v1/execution_pb.js';
import { QuoteChangedSchema } from '../generated/scalpstorm/market/v1/market_pb.js';
import { ActivityLevel, ActivityLoggedSchema } from '../generated/scalpstorm/ops/v1/ops_pb.js';
import { OrderApprovedSchema, OrderChangedSchema } from '../generated/scalpstorm/order/v1/events_pb.js';
import { OrderStatus, OrderType, Purpose, TimeInForce } from '../generated/scalpstorm/order/v1/order_pb.js';
import { RiskAskReplySchema } from '../generated/scalpstorm/risk/v1/risk_pb.js';
import {
  accountChanged,
  activityLogged,
  botQuestion,
  orderApproved,
  orderChanged,
  orderDenied,
  orderRequested,
  quoteChanged,
  registeredMessages,
  riskQuestion,
  UnreadableMessage,
} from '../index.js';
import { denial, meta as metas, orderRequest, timestamp } from '../testing/arbitraries.js';

const meta = { eventId: 'e1', occurredAtUs: 1n, recordedAtUs: 2n };
const order = {
  clientOrderId: 'sabcdefghN000000000',
  userId: 'u1',
  accountId: 'demo',
  mode: Mode.DEMO,
  instrumentId: 'sim:BTC-USDT',
  side: Side.BUY,
  type: OrderType.LIMIT,
  quantity: '0.01',
  price: '60000.5',
  timeInForce: TimeInForce.GTC,
  purpose: Purpose.OPEN,
};
type Init<Schema extends DescMessage> = Exclude<MessageInitShape<Schema>, MessageShape<Schema>>;
type Approved = Init<typeof OrderApprovedSchema>;

const approvedBytes = (change: Approved) =>
  toBinary(OrderApprovedSchema, create(OrderApprovedSchema, { meta, order, expiresAtUs: 3n, ...change }));

const approvals: readonly (readonly [string, Approved, string])[] = [
  ['no meta', { meta: undefined }, 'OrderApproved.meta: missing'],
  ['no event id', { meta: { ...meta, eventId: '' } }, 'OrderApproved.meta.event_id: missing'],
  [
    'an event id that would split a header',
    { meta: { ...meta, eventId: 'a\r\nb' } },
    'OrderApproved.meta.event_id: not an id: "a\\r\\nb"',
  ],
  ['no time', { meta: { ...meta, occurredAtUs: 0n } }, 'OrderApproved.meta.occurred_at_us: missing'],
  [
    'a time before the epoch',
    { meta: { ...meta, recordedAtUs: -1n } },
    'OrderApproved.meta.recorded_at_us: not a time: "-1"',
  ],
  ['no order', { order: undefined }, 'OrderApproved.order: missing'],
  ['no expiry', { expiresAtUs: 0n }, 'OrderApproved.expires_at_us: missing'],
  ['no quantity', { order: { ...order, quantity: '' } }, 'OrderApproved.order.quantity: missing'],
  ['an exponent', { order: { ...order, quantity: '1e3' } }, 'OrderApproved.order.quantity: NOT_A_DECIMAL: "1e3"'],
  [
    'more decimals than a price has',
    { order: { ...order, price: '0.0000000000001' } },
    'OrderApproved.order.price: TOO_MANY_DECIMALS: "0.0000000000001"',
  ],
  [
    'a number that is not one',
    { order: { ...order, price: 'NaN' } },
    'OrderApproved.order.price: NOT_A_DECIMAL: "NaN"',
  ],
  [
    'a limit order without a price',
    { order: { ...order, price: undefined } },
    'OrderApproved.order.price: missing on a limit order',
  ],
  [
    'a market order with a price',
    { order: { ...order, type: OrderType.MARKET } },
    'OrderApproved.order.price: present on a market order: "60000.5"',
  ],
  ['an unspecified side', { order: { ...order, side: Side.UNSPECIFIED } }, 'OrderApproved.order.side: unspecified'],
  ['a mode of a later version', { order: { ...order, mode: 99 as Mode } }, 'OrderApproved.order.mode: unknown: "99"'],
  [
    'an account that is a wildcard',
    { order: { ...order, accountId: '*' } },
    'OrderApproved.order.account_id: not a subject token: "*"',
  ],
  [
    'an account of two tokens',
    { order: { ...order, accountId: 'a.b' } },
    'OrderApproved.order.account_id: not a subject token: "a.b"',
  ],
  [
    'an instrument without a venue',
    { order: { ...order, instrumentId: 'BTC-USDT' } },
    'OrderApproved.order.instrument_id: not an instrument id: "BTC-USDT"',
  ],
  [
    'an id that fits no venue',
    { order: { ...order, clientOrderId: 'a'.repeat(21) } },
    'OrderApproved.order.client_order_id: not a client order id: "aaaaaaaaaaaaaaaaaaaaa"',
  ],
  ['a bot id of another form', { order: { ...order, botId: 'b1' } }, 'OrderApproved.order.bot_id: not a bot id: "b1"'],
];

describe('an unreadable approval', () => {
  it('is one by its fault alone: without a fault it is read', () => {
    expect(orderApproved.decode(approvedBytes({})).order.clientOrderId).toBe(order.clientOrderId);
  });

  it.each(approvals)('with %s names message and field', (_fault, change, message) => {
    expect(() => orderApproved.decode(approvedBytes(change))).toThrow(new UnreadableMessage(message));
  });

  it('quotes no more of a long value than a log line bears', () => {
    const bytes = approvedBytes({ order: { ...order, quantity: 'x'.repeat(10_000) } });
    expect(() => orderApproved.decode(bytes)).toThrow(`NOT_A_DECIMAL: "${'x'.repeat(40)}"`);
  });
});

const others: readonly (readonly [string, () => unknown, string])[] = [
  [
    'a quote without its ask',
    () =>
      quoteChanged.decode(
        toBinary(
          QuoteChangedSchema,
          create(QuoteChangedSchema, {
            meta,
            quote: { instrumentId: 'sim:BTC-USDT', bidPrice: '1', bidQuantity: '1', occurredAtUs: 1n },
          }),
        ),
      ),
    'QuoteChanged.quote.ask_price: missing',
  ],
  [
    'a change of which nothing is told',
    () => orderChanged.decode(toBinary(OrderChangedSchema, create(OrderChangedSchema, { ...changed(), event: {} }))),
    'OrderChanged.event.happened: missing',
  ],
  [
    'a fee in no currency',
    () => orderChanged.decode(toBinary(OrderChangedSchema, create(OrderChangedSchema, changed([{ amount: '1' }])))),
    'OrderChanged.order.fees[0].currency: missing',
  ],
  [
    'a balance of another currency',
    () =>
      accountChanged.decode(
        toBinary(
          AccountChangedSchema,
          create(AccountChangedSchema, {
            meta,
            account: { id: 'demo', venue: 'sim', mode: Mode.DEMO },
            balances: [
              {
                currency: 'BTC',
                free: { amount: '1', currency: 'BTC' },
                locked: { amount: '1', currency: 'USDT' },
              },
            ],
          }),
        ),
      ),
    'AccountChanged.balances[0].locked.currency: not BTC: "USDT"',
  ],
  ...['', '[1]', 'null', '{'].map(
    (dataJson) =>
      [
        `an activity with the data ${JSON.stringify(dataJson)}`,
        () =>
          activityLogged.decode(
            toBinary(
              ActivityLoggedSchema,
              create(ActivityLoggedSchema, {
                meta,
                activity: { level: ActivityLevel.INFO, code: 'A', dataJson },
              }),
            ),
          ),
        'ActivityLogged.activity.data_json: ',
      ] as const,
  ),
  [
    'a reply that is neither an answer nor a refusal',
    () => riskQuestion.reply.decode(toBinary(RiskAskReplySchema, create(RiskAskReplySchema))),
    'RiskAskReply.answer: missing',
  ],
  [
    'a reply about a bot that is neither',
    () => botQuestion.reply.decode(new Uint8Array()),
    'BotAskReply.answer: missing',
  ],
  [
    'a command that is none',
    () => botQuestion.request.decode(new Uint8Array([0x0a, 1, 0x63, 0x12, 1, 0x75])),
    'BotAskRequest.command: missing',
  ],
  [
    'bytes that are JSON',
    () => orderApproved.decode(new TextEncoder().encode('{"stream":"x","seq":1}')),
    'OrderApproved',
  ],
];

function changed(fees: { amount: string }[] = []): Init<typeof OrderChangedSchema> {
  return {
    meta,
    order: {
      request: order,
      status: OrderStatus.ACCEPTED,
      filledQuantity: '0',
      filledNotional: { amount: '0', currency: 'USDT' },
      fees,
      version: 1,
      createdAtUs: 1n,
      updatedAtUs: 1n,
    },
    event: { happened: { case: 'submitted', value: {} } },
  };
}

describe('poison', () => {
  it.each(others)('%s names message and field', (_fault, decode, message) => {
    expect(decode).toThrow(UnreadableMessage);
    expect(decode).toThrow(message);
  });

  it('is the only way in which any bytes can fail to be read', () => {
    const readers = [orderRequested, orderApproved, orderDenied, orderChanged, quoteChanged, accountChanged];
    fc.assert(
      fc.property(fc.constantFrom(...readers), fc.uint8Array({ maxLength: 200 }), (contract, bytes) => {
        expect(failureOf(() => contract.decode(bytes))).toBeInstanceOf(UnreadableMessage);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is every message cut short or with a byte changed, unless it can still be read', () => {
    const whole = approvedBytes({});
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }), fc.boolean(), (index, byte, cut) => {
        const bytes = cut ? whole.slice(0, index) : Uint8Array.from(whole).fill(byte, index, index + 1);
        const failure = failureOf(() => orderApproved.decode(bytes));
        expect(failure === null ? UnreadableMessage : failure.constructor).toBe(UnreadableMessage);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is a denial or a request where an approval is expected, whatever it says', () => {
    fc.assert(
      fc.property(metas, orderRequest, denial, timestamp, (head, wanted, refused, marketAt) => {
        const denied = orderDenied.encode({ meta: head, order: wanted, denial: refused });
        const requested = orderRequested.encode({ meta: head, order: wanted, ask: 1, marketAt });
        expect(() => orderApproved.decode(denied)).toThrow('OrderApproved.expires_at_us: missing');
        expect(() => orderApproved.decode(requested)).toThrow('OrderApproved.expires_at_us: missing');
      }),
    );
  });
});

describe('the proto files', () => {
  it('give every enum a zero that says unspecified', () => {
    const enums = registeredMessages.flatMap(({ schema }) => schema.file.enums);
    expect(enums.length).toBeGreaterThan(0);
    for (const { name, values } of enums) expect([name, values[0]?.localName]).toEqual([name, 'UNSPECIFIED']);
  });
});

function failureOf(decode: () => unknown): Error | null {
  try {
    decode();
    return null;
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}
